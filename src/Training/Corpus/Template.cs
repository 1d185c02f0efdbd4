using System.Text;

namespace TaalasSim.Training.Corpus;

/// <summary>
/// A sentence with choices and blanks: <c>[red|blue]</c> takes one alternative (they nest; an empty one is allowed), <c>{name}</c> takes a
/// bound word, and <c>a~</c> becomes "a" or "an" by the letter that follows it.
/// </summary>
public static class Template
{
    /// <summary>Expands a template.</summary>
    /// <exception cref="FormatException">A bracket or brace is not closed, or a blank has no word bound.</exception>
    public static string Expand(string template, IReadOnlyDictionary<string, string> words, SeededRandom random)
    {
        var text = new StringBuilder();
        Append(template, words, random, text);
        return ChooseArticles(text.ToString());
    }

    private static void Append(
        ReadOnlySpan<char> template,
        IReadOnlyDictionary<string, string> words,
        SeededRandom random,
        StringBuilder text
    )
    {
        while (!template.IsEmpty)
        {
            var special = template.IndexOfAny('[', '{');
            if (special < 0)
            {
                text.Append(template);
                return;
            }
            text.Append(template[..special]);
            template = template[special..];
            var end = template[0] == '[' ? EndOfChoice(template) : template.IndexOf('}');
            if (end < 0)
                throw new FormatException($"'{template[0]}' is not closed in '{template}'.");
            var inner = template[1..end];
            if (template[0] == '[')
                Append(PickAlternative(inner, random), words, random, text);
            else
                text.Append(
                    words.TryGetValue(inner.ToString(), out var word) ? word : throw new FormatException($"no word is bound to '{inner}'.")
                );
            template = template[(end + 1)..];
        }
    }

    private static int EndOfChoice(ReadOnlySpan<char> template)
    {
        var depth = 0;
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] == '[')
                depth++;
            else if (template[i] == ']' && --depth == 0)
                return i;
        }
        return -1;
    }

    private static ReadOnlySpan<char> PickAlternative(ReadOnlySpan<char> inner, SeededRandom random)
    {
        List<Range> alternatives = [];
        var (depth, start) = (0, 0);
        for (var i = 0; i <= inner.Length; i++)
        {
            if (i == inner.Length || (inner[i] == '|' && depth == 0))
            {
                alternatives.Add(start..i);
                start = i + 1;
            }
            else if (inner[i] == '[')
                depth++;
            else if (inner[i] == ']')
                depth--;
        }
        return inner[random.Pick(alternatives)];
    }

    private static string ChooseArticles(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '~')
            {
                if (i + 2 < text.Length && "aeiou".Contains(text[i + 2], StringComparison.Ordinal))
                    result.Append('n');
            }
            else
                result.Append(text[i]);
        }
        return result.ToString();
    }
}
