using System.Diagnostics;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>A sweep that is killed at random times and begun again ends with the tables of one that was never disturbed, byte for
/// byte.</summary>
[TestFixture]
[Category("Smoke")]
public sealed class SweepKillTests
{
    // A few thousand points: some of the kills come amid the rows, some amid the tables.
    private static string Spec(string mode) =>
        $$"""
            name: t
            model: llama-3.2-1b
            fabric: hc1
            service: { input_tokens: 300, output_tokens: 100, users: 1 }
            vary:
              - { field: technology.wafer.defects_per_cm2, range: { from: 0.05, to: 0.2, steps: 100 } }
              - { field: service.input_tokens, range: { from: 100, to: 400, steps: 40 } }
            objectives: [{ minimize: watts }, { minimize: usd_per_million_tokens }]
            {{mode}}
            """;

    [TestCase("mode: grid")]
    [TestCase("mode: search\npoints: 2000")]
    public void Killed_sweeps_resume_to_the_same_bytes(string mode)
    {
        using var folder = new TemporaryFolder();
        var spec = folder.Write("t.yaml", Spec(mode));
        var (whole, cut) = (folder.File("whole"), folder.File("cut"));
        var watch = Stopwatch.StartNew();
        var undisturbed = Taalas.Run("sweep", spec, "-o", whole, "--draws", "0");
        var length = watch.Elapsed;
        Assert.That(undisturbed.ExitCode, Is.Zero, undisturbed.Error);
        var random = new Random();
        var kills = 0;
        for (var i = 0; i < (Shared.All ? 20 : 3); i++)
        {
            using var process = Taalas.Start(new Dictionary<string, string>(), "sweep", spec, "-o", cut, "--draws", "0");
            if (!process.WaitForExit(length * (0.2 + (0.8 * random.NextDouble()))))
            {
                process.Kill();
                process.WaitForExit();
                kills++;
            }
        }

        var last = Taalas.Run("sweep", spec, "-o", cut, "--draws", "0");
        Assert.Multiple(() =>
        {
            Assert.That(last.ExitCode, Is.Zero, last.Error);
            Assert.That(kills, Is.Positive);
            foreach (var table in new[] { "sweep.csv", "sweep.parquet" })
                Assert.That(
                    File.ReadAllBytes(Path.Combine(cut, table)).SequenceEqual(File.ReadAllBytes(Path.Combine(whole, table))),
                    Is.True,
                    $"{table} after {kills} kills"
                );
        });
    }
}
