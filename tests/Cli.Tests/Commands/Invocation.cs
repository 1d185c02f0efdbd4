using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>Runs the program in this process with its output caught. Fixtures that use it do not run in parallel: the console is
/// one.</summary>
internal static class Invocation
{
    private static readonly Lazy<string> Demo = new(() =>
    {
        var folder = Path.Combine(TemporaryFolder.OfProcess, "bench-demo.chip");
        var (code, _, error) = Run("compile", Shared.InRepo("chips/demo/stories.gguf"), "-o", folder, "--weights", "rom4");
        Assert.That(code, Is.Zero, error);
        return folder;
    });

    /// <summary>Image of the embedded model in rom4.</summary>
    public static string DemoChip => Demo.Value;

    /// <summary>Exit code and both streams.</summary>
    public static (int Code, string Output, string Error) Run(params string[] args) => Run(() => CommandLine.RunAsync(args));

    /// <summary>Exit code and both streams of what this does.</summary>
    public static (int Code, string Output, string Error) Run(Func<Task<int>> program)
    {
        var (output, error) = (Console.Out, Console.Error);
        using var caughtOutput = new StringWriter { NewLine = "\n" };
        using var caughtError = new StringWriter { NewLine = "\n" };
        try
        {
            Console.SetOut(caughtOutput);
            Console.SetError(caughtError);
            return (program().GetAwaiter().GetResult(), caughtOutput.ToString(), caughtError.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}
