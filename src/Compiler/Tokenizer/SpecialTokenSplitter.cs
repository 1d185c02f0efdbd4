using System.Text;

namespace TaalasSim.Compiler.Tokenizer;

/// <summary>
/// Finds special tokens in a text, longest first: user-defined ones always, control and unknown ones only on request.
/// </summary>
internal sealed class SpecialTokenSplitter(Vocabulary vocabulary)
{
    private readonly int[] _specialIds =
    [
        .. Enumerable
            .Range(0, vocabulary.Count)
            .Where(id => vocabulary.Has(id, TokenAttributes.Control | TokenAttributes.UserDefined | TokenAttributes.Unknown))
            .Where(id => TokenBytes.IsText(vocabulary.Texts[id]))
            .OrderByDescending(id => Encoding.UTF8.GetByteCount(vocabulary.Texts[id])),
    ];

    /// <summary>A piece of the text between two special tokens (Id -1), or a special token.</summary>
    public readonly record struct Fragment(int Start, int End, int Id);

    public List<Fragment> Split(ReadOnlySpan<char> text, bool parseSpecial)
    {
        var fragments = new List<Fragment>();
        if (text.Length == 0)
            return fragments;
        fragments.Add(new Fragment(0, text.Length, -1));
        foreach (var id in _specialIds)
        {
            var skipped = !parseSpecial && vocabulary.Has(id, TokenAttributes.Control | TokenAttributes.Unknown);
            if (!skipped && text.IndexOf(vocabulary.Texts[id], StringComparison.Ordinal) >= 0)
                fragments = SplitBy(id, text, fragments);
        }
        return fragments;
    }

    private List<Fragment> SplitBy(int id, ReadOnlySpan<char> text, List<Fragment> fragments)
    {
        var result = new List<Fragment>(fragments.Count + 2);
        var special = vocabulary.Texts[id];
        foreach (var fragment in fragments)
        {
            if (fragment.Id >= 0)
            {
                result.Add(fragment);
                continue;
            }
            var start = fragment.Start;
            while (start < fragment.End)
            {
                var at = text[start..fragment.End].IndexOf(special, StringComparison.Ordinal);
                if (at < 0)
                    break;
                var before = start + at;
                start = before + special.Length;
                var left = fragment with { Start = start - special.Length - at, End = before };
                if (vocabulary.Has(id, TokenAttributes.StripLeft))
                    left = left with { End = left.Start + text[left.Start..left.End].TrimEnd(AsciiWhiteSpace).Length };
                if (left.End > left.Start)
                    result.Add(left);
                result.Add(new Fragment(before, start, id));
                if (vocabulary.Has(id, TokenAttributes.StripRight))
                    start = fragment.End - text[start..fragment.End].TrimStart(AsciiWhiteSpace).Length;
            }
            if (start < fragment.End)
                result.Add(fragment with { Start = start });
        }
        return result;
    }

    private const string AsciiWhiteSpace = " \t\n\v\f\r";
}
