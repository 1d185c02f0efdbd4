using System.Diagnostics;
using System.Text.RegularExpressions;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>The commands of the README print what the README says: every figure that does not depend on the machine, character for
/// character.</summary>
[Category("Smoke")]
[NonParallelizable]
public sealed partial class ReadmeTests
{
    private static readonly string Folder = Prepared();

    // One block after the other: later ones use the chip image of the first.
    private static IEnumerable<TestCaseData> Blocks() =>
        CodeBlock()
            .Matches(File.ReadAllText(Shared.InRepo("README.md")))
            .Select(m => m.Groups["text"].Value)
            .Where(text => text.StartsWith("$ ./taalas ", StringComparison.Ordinal))
            // A Hub is needed for the one, and a server does not end.
            .Where(text => !text.Contains(" hf:", StringComparison.Ordinal) && !text.Contains("taalas serve", StringComparison.Ordinal))
            .Select(text => new TestCaseData(text).SetArgDisplayNames(text.Split('\n')[0]));

    [Test]
    public void The_readme_shows_the_main_commands() =>
        Assert.That(
            Blocks().Select(b => ((string)b.Arguments[0]!).Split(' ')[2]),
            Is.SupersetOf((string[])["compile", "run", "fit", "compare", "verify-rtl"])
        );

    [TestCaseSource(nameof(Blocks))]
    public void A_command_prints_what_the_readme_says(string block)
    {
        var lines = block.TrimEnd('\n').Split('\n');
        var arguments = Word()
            .Matches(lines[0]["$ ./taalas ".Length..])
            .Select(m => m.Groups["quoted"].Success ? m.Groups["quoted"].Value : m.Value);
        if (lines[0].Contains("verify-rtl", StringComparison.Ordinal))
            Tools.Need("verilator");
        if (!Directory.Exists(Path.Combine(Folder, "stories.chip")))
            Run(["compile", "chips/demo/stories.gguf", "-o", "stories.chip", "--weights", "rom4"]);
        Assert.That(Masked(Run([.. arguments])), Is.EqualTo(Masked(string.Join('\n', lines.Skip(1)))));
    }

    // The time of the host and its name differ from machine to machine.
    private static string Masked(string text) => HostTime().Replace(text.TrimEnd('\n'), "in TIME on HOST");

    private static string Run(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "taalas-cli.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment.Remove("COLUMNS");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        // Progress that a busy machine is slow enough to show.
        return output
            + string.Concat(error.Result.Split('\n').Where(l => !l.Contains(" …", StringComparison.Ordinal)).Select(l => l + "\n"));
    }

    private static string Prepared()
    {
        var folder = TemporaryFolder.New();
        Directory.CreateSymbolicLink(Path.Combine(folder, "chips"), Shared.InRepo("chips"));
        return folder;
    }

    [GeneratedRegex("^```\\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("\"(?<quoted>[^\"]*)\"|[^ ]+")]
    private static partial Regex Word();

    [GeneratedRegex("in [0-9.]+ (µs|ms|s), [0-9.,]+ tokens/s on .*")]
    private static partial Regex HostTime();
}
