using System.Text.RegularExpressions;

namespace TaalasSim.ChipModel.Languages;

/// <summary>Text inside Verilog, C++, Ruby and Yosys scripts: nothing that it holds ends the comment, string or name around
/// it.</summary>
public static partial class CodeText
{
    /// <summary>Text for a comment that ends with its line, or for one in <c>/* */</c>. Printable ASCII stays but for backslashes, which
    /// would join the next line, and for <c>*/</c>; a comment must not begin with it, as tools take orders from the first word.</summary>
    public static string Comment(string text) =>
        string.Concat(text.Select(c => c is < ' ' or > '~' or '\\' or '`' ? '?' : c)).Replace("*/", "*?", StringComparison.Ordinal);

    /// <summary>Text between the double quotes of a Ruby string, or behind <c>#</c> in a comment.</summary>
    public static string RubyString(string text) =>
        string.Concat(text.Select(c => NameGate.IsHidden(c) || char.IsSurrogate(c) ? '_' : c))
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("#", "\\#", StringComparison.Ordinal);

    /// <summary>Whether a text is a plain name in Verilog, C++ and Yosys scripts: letters, digits, <c>_</c> and <c>$</c>, no digit
    /// first.</summary>
    public static bool IsIdentifier(string text) => text.Length <= NameGate.LongestName && Identifier().IsMatch(text);

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_$]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();
}
