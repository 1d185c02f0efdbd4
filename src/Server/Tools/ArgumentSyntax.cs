namespace TaalasSim.Server.Tools;

/// <summary>How arguments are written one after the other.</summary>
/// <param name="Pattern">One argument, with <c>$key</c> and <c>$value</c>.</param>
/// <param name="Separator">Text between two; empty for none.</param>
/// <param name="IsPython">Whether values are literals of Python, or JSON; else text is written as it is and all else as JSON.</param>
public sealed record ArgumentSyntax(string Pattern, string Separator = "", bool IsPython = false)
{
    /// <summary>Parts of one argument.</summary>
    public IReadOnlyList<ToolPart> Parts { get; } = ToolPart.Parse(Pattern);
}
