using TaalasSim.Runtime.Decode;
using TaalasSim.Server.Requests;

namespace TaalasSim.Server.Slots;

/// <summary>Probabilities of a choice and of the most likely tokens beside it.</summary>
internal static class Probabilities
{
    /// <summary>The token with what was asked about it: before sampling over the whole vocabulary, or after it over the
    /// candidates.</summary>
    public static GeneratedToken Of(int id, ReadOnlySpan<float> logits, SamplerChain chain, CompletionSettings settings)
    {
        if (settings.Probabilities <= 0)
            return new GeneratedToken(id, float.NaN, []);
        return settings.PostSampling ? After(id, chain.Candidates, settings.Probabilities) : Before(id, logits, settings.Probabilities);
    }

    private static GeneratedToken Before(int id, ReadOnlySpan<float> logits, int count)
    {
        var ids = Enumerable.Range(0, logits.Length).ToArray();
        var keys = logits.ToArray();
        Array.Sort(ids, (a, b) => keys[a] != keys[b] ? keys[b].CompareTo(keys[a]) : a.CompareTo(b));
        var maximum = keys[ids[0]];
        float sum = 0;
        foreach (var logit in keys)
            sum += MathF.Exp(logit - maximum);
        var top = ids.Take(count).Select(t => new TokenProbability(t, MathF.Exp(keys[t] - maximum) / sum)).ToArray();
        return new GeneratedToken(id, MathF.Exp(keys[id] - maximum) / sum, top);
    }

    private static GeneratedToken After(int id, ReadOnlySpan<Candidate> candidates, int count)
    {
        var sorted = candidates.ToArray();
        Array.Sort(sorted, (a, b) => a.P != b.P ? b.P.CompareTo(a.P) : a.Id.CompareTo(b.Id));
        var top = sorted.Take(count).TakeWhile(c => c.P > 0).Select(c => new TokenProbability(c.Id, c.P)).ToArray();
        return new GeneratedToken(id, Array.Find(sorted, c => c.Id == id).P, top);
    }
}
