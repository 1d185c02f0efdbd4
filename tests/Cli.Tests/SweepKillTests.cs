using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>A sweep that is killed at random places and begun again ends with the tables of one that was never disturbed, byte for
/// byte.</summary>
[TestFixture]
[Category("Smoke")]
public sealed class SweepKillTests
{
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
        if (!Shared.All)
            Assert.Ignore("set TAALAS_TEST_ALL=1 to run it");
        using var folder = new TemporaryFolder();
        var spec = folder.Write("t.yaml", Spec(mode));
        var (whole, cut) = (folder.File("whole"), folder.File("cut"));
        var undisturbed = Taalas.Run("sweep", spec, "-o", whole, "--draws", "0");
        Assert.That(undisturbed.ExitCode, Is.Zero, undisturbed.Error);
        var length = new FileInfo(Path.Combine(whole, "sweep.journal")).Length;
        var kills = 0;
        for (var i = 0; i < 6; i++)
            if (Kill(spec, cut, (long)(length * Random.Shared.NextDouble() * (i + 1) / 6)))
                kills++;
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

    // Kills a sweep as soon as its journal is longer than that; false when it was done before.
    private static bool Kill(string spec, string folder, long length)
    {
        var journal = Path.Combine(folder, "sweep.journal");
        using var process = Taalas.Start(new Dictionary<string, string>(), "sweep", spec, "-o", folder, "--draws", "0");
        while (!process.HasExited && (!File.Exists(journal) || new FileInfo(journal).Length <= length))
            Thread.Sleep(1);
        if (process.HasExited)
            return false;
        process.Kill();
        process.WaitForExit();
        return true;
    }
}
