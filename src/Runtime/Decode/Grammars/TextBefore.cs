using System.Globalization;
using System.Text;

namespace TaalasSim.Runtime.Decode.Grammars;

/// <summary>Rules for text that ends where a certain text begins.</summary>
public static class TextBefore
{
    /// <summary>
    /// Rules of any text without <paramref name="end"/> in it, so that <c>NAME "end"</c> finds the first end. They follow the automaton of
    /// Knuth, Morris and Pratt: a rule for each number of characters that match the beginning of the end.
    /// </summary>
    /// <param name="name">Name of the first rule; the others have a number behind it.</param>
    /// <param name="end">Text that is not in the text, at least one character.</param>
    public static string Rules(string name, string end)
    {
        var letters = end.Distinct().ToArray();
        var rules = new StringBuilder();
        for (var matched = 0; matched < end.Length; matched++)
        {
            rules.Append(Name(name, matched)).Append(" ::= | ");
            foreach (var letter in letters)
            {
                var next = Next(end, matched, letter);
                if (next < end.Length)
                    rules.Append(SchemaRules.Literal(letter.ToString())).Append(' ').Append(Name(name, next)).Append(" | ");
            }
            rules.Append("[^").AppendJoin("", letters.Select(Escaped)).Append("] ").Append(Name(name, 0)).Append('\n');
        }
        return rules.ToString();
    }

    private static string Name(string name, int matched) =>
        matched == 0 ? name : name + "-" + matched.ToString(CultureInfo.InvariantCulture);

    // How much of the end matches after one more letter.
    private static int Next(string end, int matched, char letter)
    {
        var read = string.Concat(end.AsSpan(0, matched), [letter]);
        for (var length = Math.Min(read.Length, end.Length); length > 0; length--)
            if (read.EndsWith(end[..length], StringComparison.Ordinal))
                return length;
        return 0;
    }

    private static string Escaped(char letter) =>
        letter switch
        {
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\\' or ']' or '[' or '"' => "\\" + letter,
            '^' => "\\x5E",
            '-' => "\\x2D",
            _ => letter.ToString(),
        };
}
