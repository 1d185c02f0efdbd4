namespace TaalasSim.Runtime.Decode;

/// <summary>
/// Chooses the next token from logits in llama.cpp's order: penalties, top-k, top-p, min-p, temperature, draw. Temperature ≤ 0 takes the
/// largest logit, the lower id of equal ones. One instance a context; the same seed gives the same tokens.
/// </summary>
public sealed class TokenSampler(uint seed)
{
    /// <summary>In place of an id: a logit is NaN, so nothing was sampled.</summary>
    public const int NotANumber = -1;

    private readonly MersenneTwister _random = new(seed);
    private (int Id, float Logit)[] _candidates = [];

    /// <summary>Samples a token.</summary>
    /// <param name="logits">One logit per token of the vocabulary.</param>
    /// <param name="settings">How to choose.</param>
    /// <param name="recent">Tokens so far, prompt included, for the penalties.</param>
    /// <returns>Token id, or <see cref="NotANumber"/> when a logit is NaN.</returns>
    public int Sample(ReadOnlySpan<float> logits, in SamplerSettings settings, ReadOnlySpan<int> recent)
    {
        foreach (var logit in logits)
            if (float.IsNaN(logit))
                return NotANumber;
        var penalised = Penalise(logits, settings, recent);
        if (settings.Temperature <= 0)
            return ArgMax(penalised);
        if (_candidates.Length != logits.Length)
            _candidates = new (int, float)[logits.Length];
        for (var i = 0; i < penalised.Length; i++)
            _candidates[i] = (i, penalised[i]);
        var count = TopK(_candidates, settings.TopK);
        count = TopP(_candidates.AsSpan(0, count), settings.TopP);
        count = MinP(_candidates.AsSpan(0, count), settings.MinP);
        return Draw(_candidates.AsSpan(0, count), settings.Temperature);
    }

    /// <summary>Index of the largest value, the first of equal ones.</summary>
    public static int ArgMax(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
            if (values[i] > values[best])
                best = i;
        return best;
    }

    private static ReadOnlySpan<float> Penalise(ReadOnlySpan<float> logits, in SamplerSettings s, ReadOnlySpan<int> recent)
    {
        if (s.LastN == 0 || (s.RepeatPenalty is 0 or 1 && s.FrequencyPenalty == 0 && s.PresencePenalty == 0))
            return logits;
        var window = recent[^Math.Min(recent.Length, (int)Math.Min(s.LastN, int.MaxValue))..];
        var counts = new Dictionary<int, int>();
        foreach (var token in window)
            counts[token] = counts.GetValueOrDefault(token) + 1;
        var result = logits.ToArray();
        foreach (var (token, count) in counts)
        {
            var x = result[token];
            if (s.RepeatPenalty is not (0 or 1))
                x = x <= 0 ? x * s.RepeatPenalty : x / s.RepeatPenalty;
            result[token] = x - (count * s.FrequencyPenalty) - s.PresencePenalty;
        }

        return result;
    }

    // Sorted descending; the lower id first among equals.
    private static int TopK((int Id, float Logit)[] candidates, uint k)
    {
        Array.Sort(candidates, static (a, b) => a.Logit != b.Logit ? b.Logit.CompareTo(a.Logit) : a.Id.CompareTo(b.Id));
        return k == 0 ? candidates.Length : (int)Math.Min(k, (uint)candidates.Length);
    }

    private static int TopP(ReadOnlySpan<(int Id, float Logit)> candidates, float p)
    {
        if (p is <= 0 or >= 1)
            return candidates.Length;
        float sum = 0;
        foreach (var c in candidates)
            sum += MathF.Exp(c.Logit - candidates[0].Logit);
        float running = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            running += MathF.Exp(candidates[i].Logit - candidates[0].Logit) / sum;
            if (running >= p)
                return i + 1;
        }

        return candidates.Length;
    }

    private static int MinP(ReadOnlySpan<(int Id, float Logit)> candidates, float p)
    {
        if (p <= 0)
            return candidates.Length;
        var least = candidates[0].Logit + MathF.Log(p);
        var count = 1;
        while (count < candidates.Length && candidates[count].Logit >= least)
            count++;
        return count;
    }

    private int Draw(ReadOnlySpan<(int Id, float Logit)> candidates, float temperature)
    {
        // A single candidate takes a draw too, so that the generator keeps step with llama.cpp's.
        var u = _random.NextDouble();
        if (candidates.Length == 1)
            return candidates[0].Id;
        var max = candidates[0].Logit / temperature;
        double sum = 0;
        foreach (var c in candidates)
            sum += MathF.Exp((c.Logit / temperature) - max);
        var target = u * sum;
        double running = 0;
        foreach (var c in candidates)
        {
            running += MathF.Exp((c.Logit / temperature) - max);
            if (running >= target)
                return c.Id;
        }

        return candidates[^1].Id;
    }
}
