using System.Diagnostics;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests;

/// <summary>The programs of samples/ run as a user's own would.</summary>
[Category("Smoke")]
public sealed class SamplesTests
{
    [TestCase("Evaluate", "tokens/s per user", "area.png")]
    [TestCase("Sweep", "1 users: Ok", "4 users: DoesNotFit")]
    [TestCase("Tokens", "there was a", "for 16 tokens")]
    public void A_sample_runs(string name, params string[] expected)
    {
        var output = Run(name);
        Assert.Multiple(() =>
        {
            foreach (var text in expected)
                Assert.That(output, Does.Contain(text));
        });
    }

    [TestCase("Evaluate")]
    [TestCase("Sweep")]
    [TestCase("Tokens")]
    public void A_sample_has_fewer_than_forty_lines(string name) =>
        Assert.That(File.ReadAllLines(Shared.InRepo($"samples/{name}/Program.cs")), Has.Length.LessThan(40));

    private static string Run(string name)
    {
        var program = Directory
            .GetFiles(Shared.InRepo($"samples/{name}/bin/Release"), $"TaalasSim.{name}.dll", SearchOption.AllDirectories)
            .Single();
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(program);
        start.ArgumentList.Add(Shared.InRepo("chips"));
        start.ArgumentList.Add(TemporaryFolder.New());
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, error.Result);
        return output;
    }
}
