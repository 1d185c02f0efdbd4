using System.CommandLine;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Cli.Options;

/// <summary>Refuses a command whose output would replace one of its inputs or another of its outputs.</summary>
internal static class OutputGuard
{
    /// <summary>Compares the outputs of a command with its other texts that are files or folders.</summary>
    /// <exception cref="InputException">Two are the same file.</exception>
    public static void Check(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var given = new List<(Symbol Symbol, string Path)>();
        foreach (var option in command.Options)
            given.AddRange((parsed.GetResult(option)?.Tokens ?? []).Select(t => ((Symbol)option, t.Value)));
        foreach (var argument in command.Arguments)
            given.AddRange((parsed.GetResult(argument)?.Tokens ?? []).Select(t => ((Symbol)argument, t.Value)));
        for (var i = 0; i < given.Count; i++)
        for (var k = 0; k < given.Count; k++)
            if (given[i].Symbol is IOutputSymbol && k != i && (given[k].Symbol is not IOutputSymbol || k > i))
                Compare(given[i], given[k]);
    }

    private static void Compare((Symbol Symbol, string Path) output, (Symbol Symbol, string Path) other)
    {
        var same =
            OutputTarget.IsSame(output.Path, other.Path)
            || (
                other.Symbol is IOutputSymbol
                    ? output.Path.Length > 0 && other.Path.Length > 0 && Path.GetFullPath(output.Path) == Path.GetFullPath(other.Path)
                    : OutputTarget.IsSame(output.Path, WithoutFactor(other.Path))
            );
        if (!same)
            return;
        throw new InputException(
            other.Symbol is IOutputSymbol
                ? $"{output.Symbol.Name} {output.Path}: {other.Symbol.Name} writes the same file; give each output a name of its own"
                : $"{output.Symbol.Name} {output.Path}: is an input as well ({other.Symbol.Name}); name another place for the output"
        );
    }

    // Adapters are given as FILE:SCALE.
    private static string WithoutFactor(string path) => path.LastIndexOf(':') is > 0 and var colon ? path[..colon] : path;
}
