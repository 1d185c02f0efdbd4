using System.Globalization;
using System.Text.RegularExpressions;

namespace TaalasSim.Server.Tools;

/// <summary>A part of a written call.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text of a literal; empty else.</param>
public readonly partial record struct ToolPart(ToolPartKind Kind, string Text)
{
    /// <summary>The parts of a pattern such as <c>&lt;function=$name&gt;$arguments&lt;/function&gt;</c>.</summary>
    public static IReadOnlyList<ToolPart> Parse(string pattern)
    {
        var parts = new List<ToolPart>();
        var at = 0;
        foreach (Match match in Place().Matches(pattern))
        {
            if (match.Index > at)
                parts.Add(new ToolPart(ToolPartKind.Literal, pattern[at..match.Index]));
            var name = CultureInfo.InvariantCulture.TextInfo.ToTitleCase(match.Groups[1].Value);
            parts.Add(new ToolPart(Enum.Parse<ToolPartKind>(name), ""));
            at = match.Index + match.Length;
        }
        if (at < pattern.Length)
            parts.Add(new ToolPart(ToolPartKind.Literal, pattern[at..]));
        return parts;
    }

    [GeneratedRegex(@"\$(name|id|index|arguments|call|key|value)")]
    private static partial Regex Place();
}
