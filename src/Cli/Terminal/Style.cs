namespace TaalasSim.Cli.Terminal;

/// <summary>Colours of the terminal: few, and never the only sign of anything. With <c>auto</c> only on a terminal that has them and
/// without <c>NO_COLOR</c> (no-color.org).</summary>
internal static class Style
{
    // Stands for the escape character until the writer of the terminal has made those of other texts visible. A number that nobody knows
    // keeps texts from forging it.
    private static readonly string Mark =
        "\uFDD0" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)) + "\uFDD1";

    private static bool _output;
    private static bool _error;

    /// <summary>Decides for a command.</summary>
    /// <param name="when">auto, always or never; null for auto.</param>
    public static void Choose(string? when)
    {
        var allowed =
            string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        _output = when == "always" || (when != "never" && allowed && !Console.IsOutputRedirected);
        _error = when == "always" || (when != "never" && allowed && !Console.IsErrorRedirected);
    }

    /// <summary>The text with the escape sequences of its styles; only for a writer that has hidden all others.</summary>
    public static string Show(string text) => _output || _error ? text.Replace(Mark, "\u001b", StringComparison.Ordinal) : text;

    /// <summary>A heading on standard output.</summary>
    public static string Heading(string text) => _output ? Wrap("1", text) : text;

    /// <summary>Something good on standard output.</summary>
    public static string Good(string text) => _output ? Wrap("32", text) : text;

    /// <summary>Something bad on standard output.</summary>
    public static string Bad(string text) => _output ? Wrap("31", text) : text;

    /// <summary>Something of little weight on standard error.</summary>
    public static string Faint(string text) => _error ? Wrap("2", text) : text;

    /// <summary>The sign of a fault on standard error.</summary>
    public static string Fault(string text) => _error ? Wrap("1;31", text) : text;

    private static string Wrap(string code, string text) => text.Length == 0 ? text : $"{Mark}[{code}m{text}{Mark}[0m";
}
