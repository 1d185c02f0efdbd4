using System.CommandLine;
using System.Runtime.InteropServices;
using TaalasSim.ChipModel.Files;
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
        if (args is ["--version"])
        {
            Console.Out.WriteLine(Product.Name);
            return ExitCode.Done;
        }

        using var notices = new FormerKeyNotices(Complain);
        try
        {
            var parsed = Root().Parse(args);
            if (parsed.Errors.Count > 0)
            {
                Complain(FirstError(parsed));
                return ExitCode.BadInput;
            }

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
        catch (InputException e)
        {
            Complain(e.Message);
            return ExitCode.BadInput;
        }
        catch (DriverException e)
        {
            Complain($"device: {e.Message}");
            return ExitCode.DeviceFailed;
        }
        catch (OperationCanceledException)
        {
            Complain("interrupted; every file written is complete");
            return ExitCode.Cancelled;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Complain(e.Message.ReplaceLineEndings(" "));
            return ExitCode.BadInput;
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
        return $"unknown {kind} '{Printable.Text(typed)}'{NearestName.Hint(typed, known)} {see}";
    }

    private static void Complain(string message) => Console.Error.WriteLine($"taalas: {Printable.Text(message)}");
}
