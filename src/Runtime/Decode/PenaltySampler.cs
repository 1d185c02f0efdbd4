using System.Runtime.InteropServices;

namespace TaalasSim.Runtime.Decode;

/// <summary>Repetition, frequency and presence penalties over the last tokens.</summary>
internal sealed class PenaltySampler
{
    private readonly Dictionary<int, int> _counts = [];

    /// <summary>Lowers the logits of the last tokens.</summary>
    /// <param name="set">Candidates.</param>
    /// <param name="history">Tokens so far.</param>
    /// <param name="lastN">Number of recent tokens that count; 0 for none.</param>
    /// <param name="repeat">Divides positive and multiplies negative logits; 1 for none.</param>
    /// <param name="frequency">Subtracted once for each occurrence.</param>
    /// <param name="presence">Subtracted once.</param>
    public void Apply(CandidateSet set, ReadOnlySpan<int> history, int lastN, float repeat, float frequency, float presence)
    {
        if (lastN <= 0 || (repeat == 1 && frequency == 0 && presence == 0))
            return;
        _counts.Clear();
        foreach (var token in history[^Math.Min(history.Length, lastN)..])
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, token, out _)++;
        foreach (ref var item in set.Items)
        {
            if (!_counts.TryGetValue(item.Id, out var count))
                continue;
            var x = item.Logit <= 0 ? item.Logit * repeat : item.Logit / repeat;
            item.Logit = x - ((count * frequency) + presence);
        }
        set.IsSorted = false;
    }
}
