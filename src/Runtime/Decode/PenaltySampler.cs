using System.Runtime.InteropServices;

namespace TaalasSim.Runtime.Decode;

/// <summary>Repetition, frequency and presence penalties over the last tokens.</summary>
internal sealed class PenaltySampler(SamplerChainSettings settings)
{
    private readonly Dictionary<int, int> _counts = [];

    /// <summary>Lowers the logits of the last tokens.</summary>
    public void Apply(CandidateSet set, ReadOnlySpan<int> history)
    {
        var s = settings;
        if (s.LastN <= 0 || (s.RepeatPenalty == 1 && s.FrequencyPenalty == 0 && s.PresencePenalty == 0))
            return;
        _counts.Clear();
        foreach (var token in history[^Math.Min(history.Length, s.LastN)..])
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, token, out _)++;
        foreach (ref var item in set.Items)
        {
            if (!_counts.TryGetValue(item.Id, out var count))
                continue;
            var x = item.Logit <= 0 ? item.Logit * s.RepeatPenalty : item.Logit / s.RepeatPenalty;
            item.Logit = x - ((count * s.FrequencyPenalty) + s.PresencePenalty);
        }
        set.IsSorted = false;
    }
}
