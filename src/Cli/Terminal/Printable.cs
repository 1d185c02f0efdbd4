using System.Text;

namespace TaalasSim.Cli.Terminal;

/// <summary>Text from files and arguments as a terminal may show it.</summary>
internal static class Printable
{
    /// <summary>The text in one line with control characters, escape sequences among them, written as <c>\u001b</c>.</summary>
    public static string Text(string text)
    {
        if (text.All(c => !IsHidden(c)))
            return text;
        var shown = new StringBuilder();
        foreach (var c in text)
            if (IsHidden(c))
                shown.Append($"\\u{(int)c:x4}");
            else
                shown.Append(c);
        return shown.ToString();
    }

    // Bidirectional controls can make a line read otherwise than it is.
    private static bool IsHidden(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
