using System.CommandLine;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Commands;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Cli;

/// <summary>The command line: parses, runs one command and turns every fault into one line and an exit code.</summary>
public static class CommandLine
{
    // EPIPE: who reads the output has closed it, as "| head -1" does.
    private const int BrokenPipe = 32;

    // A prompt may begin with @, which is not the name of a file with more arguments.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs the program.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--version"])
        {
            Console.Out.WriteLine(Product.Name);
            return ExitCode.Done;
        }

        Notices.Begin(held: args.Contains("--json"));
        using var formerKeys = new FormerKeyNotices(Notices.Tell);
        var parsed = Root().Parse(FormerOptions.Replace(args, Notices.Tell), Parsing);
        Style.Choose(parsed.GetResult(ColorOption.Name) is null ? null : parsed.GetValue<string>(ColorOption.Name));
        if (parsed.Errors.Count > 0)
            return Complain(ExitCode.BadInput, FirstError(parsed));
        using var interruption = new Interruption(message => Complain(ExitCode.Cancelled, message));
        try
        {
            return await parsed
                .InvokeAsync(
                    new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                    interruption.Token
                )
                .ConfigureAwait(false);
        }
        catch (Exception) when (interruption.Happened)
        {
            return Complain(interruption.ExitCode, Interruption.Message);
        }
        catch (Exception e)
        {
            return Failed(e);
        }
    }

    /// <summary>The command with every subcommand and option.</summary>
    internal static RootCommand Root()
    {
        var root = new RootCommand(
            "TaalasSim compiles a language model into a hard-wired chip, simulates the chip, and compares it with GPUs: speed, power, area, price and quality."
        );
        root.Options.Add(ColorOption.Create());
        foreach (var command in CommandList.All())
            root.Subcommands.Add(command);
        return root;
    }

    private static int Failed(Exception fault) =>
        fault switch
        {
            AggregateException { InnerExceptions: [var only] } => Failed(only),
            InputException e => Complain(ExitCode.BadInput, e.Message),
            DriverException e => Complain(ExitCode.DeviceFailed, $"device: {e.Message}"),
            OperationCanceledException => Complain(ExitCode.Cancelled, Interruption.Message),
            IOException { HResult: BrokenPipe } => ExitCode.Done,
            IOException or UnauthorizedAccessException => Complain(ExitCode.BadInput, fault.Message.ReplaceLineEndings(" ")),
            _ => Complain(
                ExitCode.Fault,
                $"a fault of this program, please report it with the command and its files: {(Environment.GetEnvironmentVariable("TAALAS_TRACE") is { Length: > 0 } ? fault.ToString() : fault.Message)} (TAALAS_TRACE=1 shows where)"
            ),
        };

    private static string FirstError(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var name = command is RootCommand ? "" : command.Name + " ";
        var see = $"See './taalas {name}--help'.";
        if (parsed.UnmatchedTokens.Count == 0)
            return $"{parsed.Errors[0].Message.ReplaceLineEndings(" ").TrimEnd('.')}. {see}";
        var typed = parsed.UnmatchedTokens[0];
        var known = typed.StartsWith('-')
            ? command.Options.SelectMany(option => option.Aliases.Append(option.Name)).Where(alias => alias.Length > 2)
            : command.Subcommands.Select(c => c.Name);
        var kind =
            typed.StartsWith('-') ? "option"
            : command is RootCommand ? "command"
            : "argument";
        return $"unknown {kind} '{Printable.Text(typed)}'{NearestName.Hint(typed, known)} {see}";
    }

    private static int Complain(int code, string message)
    {
        if (Notices.Held)
            Json.WriteError(code, message);
        else
            Console.Error.WriteLine($"{Style.Fault("taalas:")} {Printable.Text(message)}");
        return code;
    }
}
