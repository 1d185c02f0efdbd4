using System.Text.RegularExpressions;

namespace TaalasSim.Compiler.Tokenizer;

/// <summary>
/// Cuts text into words by successive patterns: each pattern cuts the pieces that the one before left, matches and gaps both become
/// pieces, and a pattern never sees beyond its piece. Works on code points (see <see cref="CodePointClass"/>).
/// </summary>
public sealed class PreTokenizer
{
    private readonly (Regex Pattern, bool Collapsed)[] _patterns;

    internal PreTokenizer(IReadOnlyList<string> patterns)
    {
        _patterns =
        [
            .. patterns.Select(pattern =>
            {
                var collapsed = pattern.Contains(@"\p{", StringComparison.Ordinal);
                return (new Regex(collapsed ? CodePointClass.ExpandClasses(pattern) : pattern, RegexOptions.CultureInvariant), collapsed);
            }),
        ];
    }

    /// <summary>Names that <c>tokenizer.ggml.pre</c> may hold, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. PreTokenizerRules.Names];

    /// <exception cref="ChipModel.Files.InputException">The name is not known.</exception>
    public static PreTokenizer Named(string name) => new(PreTokenizerRules.Find(name).Patterns);

    /// <summary>Ranges of the words, in UTF-16 units of <paramref name="text"/>, which must be well-formed.</summary>
    public IEnumerable<Range> Split(ReadOnlySpan<char> text)
    {
        var codePoints = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            codePoints.Add(rune.Value);
        var collapsed = Map(codePoints, CodePointClass.Collapse, needed: _patterns.Any(p => p.Collapsed));
        var literal = Map(codePoints, CodePointClass.Literal, needed: _patterns.Any(p => !p.Collapsed));

        var ends = new List<int> { codePoints.Count };
        foreach (var (pattern, usesCollapsed) in _patterns)
            ends = Cut(pattern, usesCollapsed ? collapsed : literal, ends);
        return Ranges(codePoints, ends);
    }

    private static char[] Map(List<int> codePoints, Func<int, char> unit, bool needed)
    {
        var units = new char[needed ? codePoints.Count : 0];
        for (var i = 0; i < units.Length; i++)
            units[i] = unit(codePoints[i]);
        return units;
    }

    private static List<int> Cut(Regex pattern, char[] units, List<int> ends)
    {
        var cuts = new List<int>(ends.Count);
        var start = 0;
        foreach (var end in ends)
        {
            var last = start;
            foreach (var match in pattern.EnumerateMatches(units.AsSpan(start, end - start)))
            {
                var from = start + match.Index;
                if (from > last)
                    cuts.Add(from);
                last = from + match.Length;
                if (match.Length > 0)
                    cuts.Add(last);
            }
            if (last < end)
                cuts.Add(end);
            start = end;
        }
        return cuts;
    }

    private static IEnumerable<Range> Ranges(List<int> codePoints, List<int> ends)
    {
        var (index, start) = (0, 0);
        foreach (var end in ends)
        {
            var stop = start;
            for (; index < end; index++)
                stop += codePoints[index] > 0xFFFF ? 2 : 1;
            yield return start..stop;
            start = stop;
        }
    }
}
