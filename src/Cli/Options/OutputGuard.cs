using System.CommandLine;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Cli.Options;

/// <summary>Refuses a command whose output would replace one of its inputs.</summary>
internal static class OutputGuard
{
    // Options and arguments that name what is written; every other text may name an input.
    private static readonly HashSet<string> Outputs = new(StringComparer.Ordinal)
    {
        "-o",
        "--output",
        "--csv",
        "--picture",
        "--pictures",
        "--plot",
        "--plots",
        "--gds",
        "--verilog",
        "--timetable",
        "--runtime-image",
        "--trace",
        "--keep",
        "--wave",
        "--logits",
        "OUT",
    };

    /// <summary>Compares the outputs of a command with its other texts that are files or folders.</summary>
    /// <exception cref="InputException">Two are the same file.</exception>
    public static void Check(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var given = new List<(string Name, string Path)>();
        foreach (var option in command.Options)
            given.AddRange((parsed.GetResult(option)?.Tokens ?? []).Select(t => (option.Name, t.Value)));
        foreach (var argument in command.Arguments)
            given.AddRange((parsed.GetResult(argument)?.Tokens ?? []).Select(t => (argument.Name, t.Value)));
        // A forecast reads a table where curve writes one.
        bool IsOutput(string name) => Outputs.Contains(name) && (command.Name, name) != ("forecast", "--csv");
        foreach (var output in given.Where(g => IsOutput(g.Name)))
        foreach (var input in given.Where(g => !IsOutput(g.Name)))
            if (OutputTarget.IsSame(output.Path, input.Path) || OutputTarget.IsSame(output.Path, WithoutFactor(input.Path)))
                throw new InputException(
                    $"{output.Name} {output.Path}: is an input as well ({input.Name}); name another place for the output"
                );
    }

    // Adapters are given as FILE:SCALE.
    private static string WithoutFactor(string path) => path.LastIndexOf(':') is > 0 and var colon ? path[..colon] : path;
}
