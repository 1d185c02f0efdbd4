using System.Diagnostics;
using System.Text.Json;

namespace TaalasSim.Support;

/// <summary>The program as a user starts it; the test project refers to src/Cli, whose output then lies beside the tests.</summary>
public static class Taalas
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "taalas-cli.dll");

    /// <summary>What a run of the program gave.</summary>
    public sealed record Result(int ExitCode, string Out, string Error)
    {
        /// <summary>Standard output as JSON.</summary>
        public JsonElement Json()
        {
            using var document = JsonDocument.Parse(Out);
            return document.RootElement.Clone();
        }
    }

    /// <summary>Runs a command in the checkout's root.</summary>
    public static Result Run(params string[] arguments)
    {
        using var process = Start(new Dictionary<string, string>(), arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeSpan.FromMinutes(3)))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"taalas {string.Join(' ', arguments)} hangs");
        }

        return new Result(process.ExitCode, output, error.Result);
    }

    /// <summary>Starts a command in the checkout's root, both streams redirected.</summary>
    /// <param name="environment">Variables to set.</param>
    /// <param name="arguments">Arguments.</param>
    public static Process Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Shared.Root,
        };
        start.ArgumentList.Add(Program);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["LC_ALL"] = "de_DE.UTF-8";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>A chip image of the embedded model, compiled once.</summary>
    public static string StoriesChip => Stories.Value;

    /// <summary>The embedded model.</summary>
    public static string StoriesModel => Shared.InRepo("chips/demo/stories.gguf");

    private static readonly Lazy<string> Stories = new(() =>
    {
        var folder = Path.Combine(TemporaryFolder.OfProcess, "stories.chip");
        var result = Run("compile", StoriesModel, "-o", folder);
        return result.ExitCode == 0 ? folder : throw new InvalidOperationException(result.Error);
    });
}
