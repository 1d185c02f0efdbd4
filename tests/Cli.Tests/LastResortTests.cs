using System.Diagnostics;
using NUnit.Framework;
using TaalasSim.Cli.Terminal;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>What nobody foresaw ends in one line and an exit code of its own, whatever the streams are.</summary>
[Category("Smoke"), NonParallelizable]
public class LastResortTests
{
    [Test]
    public void The_line_says_what_was_being_done_and_what_happened()
    {
        var line = LastResort.Line(new AggregateException(new InvalidOperationException("two\nlines")), ["compile", "a b", "-o", "x"]);
        Assert.That(line, Does.StartWith("internal fault in 'taalas compile 'a b' -o x': InvalidOperationException: two lines; "));
        Assert.That(line, Does.Contain("TAALAS_DEBUG=1").And.Not.Contain("\n"));
    }

    [Test]
    public void A_report_file_is_written_when_asked_for()
    {
        using var folder = new TemporaryFolder();
        var before = Environment.CurrentDirectory;
        Environment.SetEnvironmentVariable(LastResort.Variable, "1");
        try
        {
            Environment.CurrentDirectory = folder.Path;
            Assert.That(LastResort.Line(new InvalidOperationException("deep"), ["run", "\u001b[2J"]), Does.Contain("The report is "));
            var report = File.ReadAllText(folder.File(folder.Names.Single()));
            Assert.That(report, Does.Contain("InvalidOperationException: deep").And.Contain("arguments: run").And.Not.Contain("\u001b"));
        }
        finally
        {
            Environment.CurrentDirectory = before;
            Environment.SetEnvironmentVariable(LastResort.Variable, null);
        }
    }

    [TestCase("inspect chips/demo/stories.gguf > /dev/full", 2)]
    [TestCase("inspect nothing.gguf 2> /dev/full", 2)]
    [TestCase("inspect nothing.gguf 2>&-", 2)]
    [TestCase("--version > /dev/full", 2)]
    [TestCase("frobnicate > /dev/full 2> /dev/full", 2)]
    [TestCase("inspect chips/demo/stories.gguf 2>&- > /dev/full", 2)]
    public void Full_and_closed_streams_change_no_exit_code(string command, int code)
    {
        if (!File.Exists("/dev/full"))
            Assert.Ignore("needs /dev/full");
        var program = Path.Combine(AppContext.BaseDirectory, "taalas-cli.dll");
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec dotnet '{program}' {command}"])
        {
            WorkingDirectory = Shared.Root,
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(code), error);
        Assert.That(error.Count(c => c == '\n'), Is.LessThanOrEqualTo(1), error);
    }
}
