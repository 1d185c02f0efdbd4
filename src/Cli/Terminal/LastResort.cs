using System.Runtime.InteropServices;
using System.Text;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Cli.Terminal;

/// <summary>What nobody foresaw: one line that says what was being done, and with <see cref="Variable"/> a report file.</summary>
internal static class LastResort
{
    /// <summary>Set to 1, it asks for a report file.</summary>
    public const string Variable = "TAALAS_DEBUG";

    private const int LongestMessage = 300;

    /// <summary>The line for a fault.</summary>
    /// <param name="fault">Fault.</param>
    /// <param name="args">Arguments of the program.</param>
    public static string Line(Exception fault, IReadOnlyList<string> args)
    {
        var cause = fault is AggregateException or TypeInitializationException ? fault.InnerException ?? fault : fault;
        var what = cause.Message.Length > LongestMessage ? cause.Message[..LongestMessage] + "…" : cause.Message;
        var doing = args.Count == 0 ? "taalas" : $"'taalas {Words(args)}'";
        var advice = Report(fault, args);
        return $"internal fault in {doing}: {cause.GetType().Name}: {what.ReplaceLineEndings(" ")}; files already written are "
            + $"complete. {advice}";
    }

    // Long command lines are cut: the line is to be read.
    private static string Words(IReadOnlyList<string> args)
    {
        var words = string.Join(' ', args.Select(ShellText.Word));
        return words.Length > LongestMessage ? words[..LongestMessage] + "…" : words;
    }

    private static string Report(Exception fault, IReadOnlyList<string> args)
    {
        if (Environment.GetEnvironmentVariable(Variable) != "1")
            return $"Set {Variable}=1 for a report file, and please report it";
        var path = Path.Combine(Environment.CurrentDirectory, $"taalas-fault-{Environment.ProcessId}.txt");
        try
        {
            AtomicFile.WriteText(path, Text(fault, args));
            return $"The report is {path}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InputException)
        {
            return $"No report could be written: {e.Message.ReplaceLineEndings(" ")}";
        }
    }

    private static string Text(Exception fault, IReadOnlyList<string> args) =>
        new StringBuilder()
            .Append(Product.Name)
            .Append('\n')
            .Append(RuntimeInformation.FrameworkDescription)
            .Append(", ")
            .Append(RuntimeInformation.OSDescription)
            .Append(", ")
            .Append(RuntimeInformation.ProcessArchitecture)
            .Append("\narguments: ")
            .AppendJoin(' ', args.Select(ShellText.Word))
            .Append("\n\n")
            .Append(NameGate.VisibleLines(fault.ToString()))
            .Append('\n')
            .ToString();
}
