namespace TaalasSim.Runtime.Decode;

/// <summary>
/// DRY ("don't repeat yourself", p-e-w 2024): a token that would extend a sequence which occurred before loses
/// multiplier · base^(length − allowed length) from its logit.
/// </summary>
internal sealed class DrySampler(SamplerChainSettings settings, DryBreakers breakers)
{
    // ln of the largest float: a larger exponent overflows.
    private const float LogOfLargest = 88.7228391f;
    private readonly Dictionary<int, int> _longest = [];

    /// <summary>Lowers the logits of tokens that would extend a repeat.</summary>
    public void Apply(CandidateSet set, ReadOnlySpan<int> history)
    {
        var s = settings;
        if (s.DryMultiplier == 0 || s.DryBase < 1 || s.DryLastN <= 0)
            return;
        var window = history[^Math.Min(history.Length, s.DryLastN)..];
        if (window.Length <= s.DryAllowedLength)
            return;
        var limit = Limit(window);
        if (limit < s.DryAllowedLength)
            return;
        FindRepeats(window, limit);
        var largest = s.DryBase > 1.000001f ? (int)(LogOfLargest / MathF.Log(s.DryBase)) : 0;
        foreach (ref var item in set.Items)
        {
            if (!_longest.TryGetValue(item.Id, out var length) || IsBreaker(item.Id))
                continue;
            var exponent = length - s.DryAllowedLength;
            item.Logit -= s.DryMultiplier * MathF.Pow(s.DryBase, largest > 0 ? Math.Min(exponent, largest) : exponent);
        }
        set.IsSorted = false;
    }

    // For each earlier place: how many tokens before it equal the newest ones. The token at the place would extend the repeat.
    private void FindRepeats(ReadOnlySpan<int> window, int limit)
    {
        _longest.Clear();
        for (var back = 1; back < window.Length; back++)
        {
            var length = 0;
            while (length < limit && back + length < window.Length && window[^(length + 1)] == window[^(back + length + 1)])
                length++;
            if (length >= settings.DryAllowedLength && length > _longest.GetValueOrDefault(window[^back], -1))
                _longest[window[^back]] = length;
        }
    }

    // Repeats do not reach over the newest breaker.
    private int Limit(ReadOnlySpan<int> window)
    {
        for (var back = 0; back < window.Length; back++)
        {
            var longest = -1;
            foreach (var tail in breakers.TailsOf(window[^(back + 1)]))
                if (tail.Length > longest && tail.Length <= back && Follows(window, back, tail))
                    longest = tail.Length;
            if (longest >= 0)
                return back - longest;
        }
        return window.Length;
    }

    private static bool Follows(ReadOnlySpan<int> window, int back, int[] tail)
    {
        for (var i = 0; i < tail.Length; i++)
            if (tail[i] != window[^(back - i)])
                return false;
        return true;
    }

    private bool IsBreaker(int token)
    {
        foreach (var tail in breakers.TailsOf(token))
            if (tail.Length == 0)
                return true;
        return false;
    }
}
