namespace TaalasSim.Runtime.Decode;

/// <summary>
/// The card's sampler: chooses the next token from logits in llama.cpp's order: penalties, top-k, top-p, min-p, temperature, draw.
/// Temperature ≤ 0 takes the largest logit, the lower id of equal ones. One instance a context; the same seed gives the same tokens.
/// </summary>
public sealed class TokenSampler(uint seed)
{
    /// <summary>In place of an id: a logit is NaN or the largest infinite, so nothing was sampled.</summary>
    public const int NotANumber = -1;

    private readonly MersenneTwister _random = new(seed);
    private readonly CandidateSet _set = new();
    private readonly PenaltySampler _penalties = new();

    /// <summary>Samples a token.</summary>
    /// <param name="logits">One logit per token of the vocabulary.</param>
    /// <param name="settings">How to choose.</param>
    /// <param name="recent">Tokens so far, prompt included, for the penalties.</param>
    /// <returns>Token id, or <see cref="NotANumber"/> when no probabilities follow from the logits (<see cref="LogitCheck"/>).</returns>
    public int Sample(ReadOnlySpan<float> logits, in SamplerSettings settings, ReadOnlySpan<int> recent)
    {
        if (!LogitCheck.HaveSoftmax(logits))
            return NotANumber;
        _set.Fill(logits);
        _penalties.Apply(
            _set,
            recent,
            (int)Math.Min(settings.LastN, int.MaxValue),
            settings.RepeatPenalty == 0 ? 1 : settings.RepeatPenalty,
            settings.FrequencyPenalty,
            settings.PresencePenalty
        );
        if (settings.Temperature <= 0)
            return _set.Items[_set.ArgMax()].Id;
        _set.Sort();
        TruncationSamplers.TopK(_set, (int)Math.Min(settings.TopK, int.MaxValue));
        if (settings.TopP > 0)
            TruncationSamplers.TopP(_set, settings.TopP, minimum: 0);
        TruncationSamplers.MinP(_set, settings.MinP, minimum: 0);
        TemperatureSampler.Apply(_set, settings.Temperature, range: 0, exponent: 1);
        return _set.Items[_set.Draw(_random)].Id;
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
}
