using System.Text.RegularExpressions;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;
using TaalasSim.Cli.Tests.Commands;

namespace TaalasSim.Cli.Tests.Fuzz;

/// <summary>How a command ended on an input.</summary>
/// <param name="Code">Exit code.</param>
/// <param name="Error">Standard error.</param>
internal readonly partial record struct FuzzAnswer(int Code, string Error)
{
    // A line that nobody reads to its end tells nothing.
    private const int LongestLine = 4000;

    /// <summary>An answer without words.</summary>
    public static FuzzAnswer Done => new(0, "");

    /// <summary>What is wrong with it, or null: exit codes 0 to 3; refusals in one line of printable text without names of the program's
    /// insides.</summary>
    public string? Fault =>
        Code is < 0 or > 3 ? $"exit code {Code}: {Error}"
        : Code == 0 || (Code == 1 && Error.Length == 0) ? null
        : LineFault;

    private string? LineFault =>
        !Refusal.StartsWith("taalas: ", StringComparison.Ordinal) ? $"does not begin with 'taalas: ': {Error}"
        : Refusal.IndexOf('\n', StringComparison.Ordinal) != Refusal.Length - 1 ? $"is not one line: {Error}"
        : Refusal.Length > LongestLine ? $"has {Refusal.Length} characters: {Error}"
        : Refusal[..^1].Any(IsUnprintable) ? $"has control characters: {Error}"
        : Insides().IsMatch(Refusal) ? $"names the program's insides: {Error}"
        : null;

    // What 'perplexity' says of its progress, as llama-perplexity does, comes before; so does the notice that requests were shortened.
    private string Refusal => Progress().Replace(Error, "");

    /// <summary>Runs a command in this process.</summary>
    public static FuzzAnswer Of(params string[] arguments)
    {
        var (code, _, error) = Invocation.Run(arguments);
        return new FuzzAnswer(code, error);
    }

    /// <summary>Runs a part of the program as its commands do.</summary>
    public static FuzzAnswer Of(Action part)
    {
        var (code, _, error) = Invocation.Run(() =>
        {
            try
            {
                part();
                return Task.FromResult(0);
            }
            catch (InputException fault)
            {
                Console.Error.WriteLine($"taalas: {NameGate.Visible(fault.Message)}");
                return Task.FromResult(2);
            }
        });
        return new FuzzAnswer(code, error);
    }

    // Controls, lone surrogates and marks that turn the direction of text.
    private static bool IsUnprintable(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    [GeneratedRegex(
        @"\A(perplexity: [^\n]*\n|taalas: [0-9]+ prompt and [0-9]+ answer tokens per request instead of [^\n]*\n)+",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Progress();

    [GeneratedRegex(
        @"\bSystem\.|[A-Za-z]Exception\b|TaalasSim\.[A-Z]|   at |internal fault|\bU?Int(16|32|64)\b|\bNullable\b",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Insides();
}
