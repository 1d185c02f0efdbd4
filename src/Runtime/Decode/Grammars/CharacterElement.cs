namespace TaalasSim.Runtime.Decode.Grammars;

/// <summary>A character of some ranges of code points, or with <paramref name="IsNegated"/> of none of them.</summary>
internal sealed record CharacterElement(IReadOnlyList<(int Low, int High)> Ranges, bool IsNegated) : GrammarElement
{
    /// <summary>Whether the code point matches.</summary>
    public bool Matches(int point)
    {
        foreach (var (low, high) in Ranges)
            if (point >= low && point <= high)
                return !IsNegated;
        return IsNegated;
    }

    /// <summary>Whether any code point from <paramref name="low"/> to <paramref name="high"/> may match.</summary>
    public bool MayMatch(int low, int high)
    {
        foreach (var range in Ranges)
        {
            if (!IsNegated && range.Low <= high && range.High >= low)
                return true;
            if (IsNegated && range.Low <= low && range.High >= high)
                return false;
        }
        return IsNegated;
    }
}
