using System.CommandLine;
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
    // EPIPE: who reads the output has closed it, as "| head -1" does.
    private const int BrokenPipe = 32;

    // A prompt may begin with @, which is not the name of a file with more arguments.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs the program.</summary>
    /// <param name="args">Arguments, the command's name first.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] args) => RunAsync(args, CommandList.All());

    /// <summary>Runs the program with these commands.</summary>
    /// <param name="args">Arguments, the command's name first.</param>
    /// <param name="commands">Commands of the program.</param>
    /// <returns>The exit code.</returns>
    internal static async Task<int> RunAsync(string[] args, IEnumerable<Command> commands)
    {
        using var terminal = TerminalText.Begin();
        void Unforeseen(object sender, UnhandledExceptionEventArgs fault) =>
            Environment.Exit(Report(fault.ExceptionObject as Exception ?? new InvalidOperationException("no exception"), args));
        // A fault on a thread of its own passes no handler here.
        AppDomain.CurrentDomain.UnhandledException += Unforeseen;
        try
        {
            return await ParseAndRunAsync(args, commands).ConfigureAwait(false);
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

    private static async Task<int> ParseAndRunAsync(string[] args, IEnumerable<Command> commands)
    {
        if (args is ["--version"])
        {
            Console.Out.WriteLine(Product.Name);
            return ExitCode.Done;
        }

        Notices.Begin(held: args.Contains("--json"));
        using var formerKeys = new FormerKeyNotices(Notices.Tell);
        var parsed = Root(commands).Parse(FormerOptions.Replace(args, Notices.Tell), Parsing);
        // A value that is none of the choices is an error of its own below.
        var colour = parsed.GetResult(ColorOption.Name);
        Style.Choose(colour is null || colour.Errors.Any() ? null : parsed.GetValue<string>(ColorOption.Name));
        if (parsed.Errors.Count > 0)
            return Complain(ExitCode.BadInput, FirstError(parsed));
        OutputGuard.Check(parsed);
        using var interruption = new Interruption(code => Complain(code, Interruption.Message));
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
            interruption.Tell();
            return interruption.ExitCode;
        }
    }

    /// <summary>Says in one line what went wrong.</summary>
    /// <returns>The exit code.</returns>
    private static int Report(Exception fault, string[] args)
    {
        // Several threads fail at once with the same complaint.
        var cause = fault;
        while (cause is AggregateException or TypeInitializationException && cause.InnerException is { } inner)
            cause = inner;
        return cause switch
        {
            InputException => Complain(ExitCode.BadInput, cause.Message),
            DriverException => Complain(ExitCode.DeviceFailed, $"device: {cause.Message}"),
            OperationCanceledException => Complain(ExitCode.Cancelled, Interruption.Message),
            IOException { HResult: BrokenPipe } => ExitCode.Done,
            IOException or UnauthorizedAccessException => Complain(ExitCode.BadInput, cause.Message.ReplaceLineEndings(" ")),
            _ => Complain(ExitCode.InternalFault, LastResort.Line(fault, args)),
        };
    }

    /// <summary>The command with every subcommand and option.</summary>
    internal static RootCommand Root() => Root(CommandList.All());

    private static RootCommand Root(IEnumerable<Command> commands)
    {
        var root = new RootCommand(
            "TaalasSim compiles a language model into a hard-wired chip, simulates the chip, and compares it with GPUs: speed, power, "
                + "area, price and quality."
        );
        root.Options.Add(ColorOption.Create());
        foreach (var command in commands)
            root.Subcommands.Add(command);
        return root;
    }

    private static string FirstError(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var see = $"See './taalas {Words(command)}--help'.";
        if (parsed.UnmatchedTokens.Count == 0)
            return $"{OneLine(parsed.Errors[0].Message)}. {see}";
        var typed = parsed.UnmatchedTokens[0];
        var known = typed.StartsWith('-')
            ? command.Options.SelectMany(option => option.Aliases.Append(option.Name)).Where(alias => alias.Length > 2)
            : command.Subcommands.Select(c => c.Name);
        var kind =
            typed.StartsWith('-') ? "option"
            : command.Subcommands.Count > 0 ? "command"
            : "argument";
        var hint = NearestName.Hint(typed, known);
        return $"unknown {kind} '{NameGate.Visible(typed)}'{(hint.Length > 0 ? hint : ".")} {see}";
    }

    // The parser lists choices on lines of their own, behind tabs.
    private static string OneLine(string message) =>
        message.ReplaceLineEndings(" ").Replace(" \t", " ", StringComparison.Ordinal).TrimEnd('.', ' ');

    // The words that lead to a command, with a space behind each: "device campaign ".
    private static string Words(Symbol? command) =>
        command is null or RootCommand ? "" : $"{Words(command.Parents.FirstOrDefault())}{command.Name} ";

    // Where standard error is full or closed the exit code still tells.
    private static int Complain(int code, string message)
    {
        try
        {
            if (Notices.Held)
                Json.WriteError(code, message);
            else
                Console.Error.WriteLine($"{Style.Fault("taalas:")} {NameGate.Visible(message)}");
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            // Nobody can be told.
        }

        return code;
    }
}
