using System.CommandLine;
using System.Runtime.InteropServices;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;
using TaalasSim.Cli.Commands;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Runtime.Host.Driver;

namespace TaalasSim.Cli;

/// <summary>The command line: parses, runs one command and turns every fault into one line and an exit code.</summary>
public static class CommandLine
{
    /// <summary>Runs the program.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        using var terminal = TerminalText.Begin();
        void Unforeseen(object sender, UnhandledExceptionEventArgs fault) =>
            Environment.Exit(Report(fault.ExceptionObject as Exception ?? new InvalidOperationException("no exception"), args));
        // A fault on a thread of its own passes no handler here.
        AppDomain.CurrentDomain.UnhandledException += Unforeseen;
        try
        {
            return await ParseAndRunAsync(args).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            return Report(e, args);
        }
        finally
        {
            AppDomain.CurrentDomain.UnhandledException -= Unforeseen;
        }
    }

    private static async Task<int> ParseAndRunAsync(string[] args)
    {
        if (args is ["--version"])
        {
            Console.Out.WriteLine(Product.Name);
            return ExitCode.Done;
        }

        using var notices = new FormerKeyNotices(Complain);
        var parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            Complain(FirstError(parsed));
            return ExitCode.BadInput;
        }

        OutputGuard.Check(parsed);
        using var interrupted = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interrupted.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await parsed
            .InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                interrupted.Token
            )
            .ConfigureAwait(false);
    }

    /// <summary>Says in one line what went wrong.</summary>
    /// <returns>The exit code.</returns>
    private static int Report(Exception fault, string[] args)
    {
        // Several threads fail at once with the same complaint.
        var cause = fault;
        while (cause is AggregateException or TypeInitializationException && cause.InnerException is { } inner)
            cause = inner;
        switch (cause)
        {
            case InputException:
                Complain(cause.Message);
                return ExitCode.BadInput;
            case DriverException:
                Complain($"device: {cause.Message}");
                return ExitCode.DeviceFailed;
            case OperationCanceledException:
                Complain("interrupted; every file written is complete");
                return ExitCode.Cancelled;
            case IOException or UnauthorizedAccessException:
                Complain(cause.Message.ReplaceLineEndings(" "));
                return ExitCode.BadInput;
            default:
                Complain(LastResort.Line(fault, args));
                return ExitCode.InternalFault;
        }
    }

    private static RootCommand Root()
    {
        var root = new RootCommand(
            "TaalasSim compiles a language model into a hard-wired chip, simulates the chip, and compares it with GPUs: speed, power, area, price and quality."
        );
        foreach (var command in CommandList.All())
            root.Subcommands.Add(command);
        return root;
    }

    private static string FirstError(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var name = command is RootCommand ? "" : command.Name + " ";
        var see = $"See './taalas {name}--help'.";
        if (parsed.UnmatchedTokens.Count == 0)
            return $"{parsed.Errors[0].Message.ReplaceLineEndings(" ")} {see}";
        var typed = parsed.UnmatchedTokens[0];
        var known = typed.StartsWith('-')
            ? command.Options.SelectMany(option => option.Aliases.Append(option.Name)).Where(alias => alias.Length > 2)
            : command.Subcommands.Select(c => c.Name);
        var kind =
            typed.StartsWith('-') ? "option"
            : command is RootCommand ? "command"
            : "argument";
        return $"unknown {kind} '{NameGate.Visible(typed)}'{NearestName.Hint(typed, known)} {see}";
    }

    // Where standard error is full or closed the exit code still tells.
    private static void Complain(string message)
    {
        try
        {
            Console.Error.WriteLine($"taalas: {NameGate.Visible(message)}");
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            // Nobody can be told.
        }
    }
}
