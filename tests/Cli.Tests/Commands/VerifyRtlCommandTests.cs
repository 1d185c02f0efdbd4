using System.Diagnostics;
using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Cli.Options;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary><c>verify-rtl</c> of a whole chip through the command line.</summary>
[TestFixture]
[Category("Timing")]
[NonParallelizable]
public sealed class VerifyRtlCommandTests
{
    private static readonly string[] RootKeys =
    [
        "schema_version",
        "agrees",
        "model",
        "fabric",
        "tokens",
        "expected",
        "text",
        "passes",
        "bank_results",
        "sums",
        "values",
        "largest_cycle_difference",
        "token_cycles",
        "phases",
        "first_token",
        "faults",
        "build_s",
        "run_s",
        "waveform",
    ];

    [Test]
    [Category("Slow")]
    public void Whole_chip_reports_agreement_in_stable_keys()
    {
        Tools.Need("verilator");
        var keep = Path.Combine(TemporaryFolder.New(), "kept");
        var wave = Path.Combine(TemporaryFolder.New(), "chip.vcd");
        var (code, output, error) = Invocation.Run(
            "verify-rtl",
            TinyModel.SharedChip,
            "--prompt",
            "abc",
            "--tokens",
            "4",
            "--keep",
            keep,
            "--wave",
            wave,
            "--wave-window",
            "0..20",
            "--json"
        );
        Assert.That(code, Is.Zero, error);
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        var cycles = root.GetProperty("token_cycles").EnumerateArray().ToArray();
        var phases = root.GetProperty("phases").EnumerateArray().ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(error, Is.Empty);
            Assert.That(Keys(root), Is.EqualTo(RootKeys));
            Assert.That(Keys(phases[0]), Is.EqualTo((string[])["phase", "unit", "events", "engine_cycles", "rtl_cycles", "reason"]));
            Assert.That(Keys(cycles[0]), Is.SupersetOf((string[])["position", "engine", "rtl"]));
            Assert.That(root.GetProperty("agrees").GetBoolean(), Is.True);
            Assert.That(root.GetProperty("model").GetString(), Is.EqualTo("tiny"));
            Assert.That(
                root.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32()),
                Is.EqualTo(root.GetProperty("expected").EnumerateArray().Select(t => t.GetInt32())).And.Exactly(4).Items
            );
            Assert.That(root.GetProperty("faults").GetArrayLength(), Is.Zero);
            Assert.That(root.GetProperty("sums").GetInt64(), Is.GreaterThan(1000));
            Assert.That(cycles, Has.Length.EqualTo(4));
            Assert.That(
                phases.Sum(p => p.GetProperty("rtl_cycles").GetInt64()),
                Is.EqualTo(cycles.Sum(t => t.GetProperty("rtl").GetInt64()))
            );
            Assert.That(Path.Combine(keep, "run.log"), Does.Exist);
            Assert.That(Keys(root.GetProperty("waveform")), Is.EqualTo((string[])["file", "from", "to", "bytes", "pass_starts"]));
            Assert.That(root.GetProperty("waveform").GetProperty("bytes").GetInt64(), Is.EqualTo(new FileInfo(wave).Length));
            Assert.That(ValueChangeDump.Read(wave).Times.Last(), Is.EqualTo(10 * 20), "20 cycles of ten times 100 ps");
            Assert.That(Directory.GetFiles(keep, "rtl-*.png"), Has.Length.EqualTo(2));
        });
    }

    [Test]
    public async Task Interrupt_while_Verilator_builds_exits_143_with_one_line_and_leaves_nothing()
    {
        Tools.Need("verilator");
        if (OperatingSystem.IsWindows())
            Assert.Ignore("sends SIGTERM");
        string parent = TemporaryFolder.New(),
            keep = Path.Combine(parent, "kept"),
            scratch = Path.Combine(parent, "scratch");
        Directory.CreateDirectory(scratch);
        using var process = Taalas.Start(
            new Dictionary<string, string> { ["TMPDIR"] = scratch },
            "verify-rtl",
            TinyModel.SharedChip,
            "--prompt",
            "abc",
            "--keep",
            keep,
            "--wave",
            Path.Combine(parent, "chip.vcd"),
            "--json"
        );
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        // Verilator makes this folder.
        var clock = Stopwatch.StartNew();
        while (!Directory.Exists(Path.Combine(keep, "obj_dir")) && !process.HasExited && clock.Elapsed < TimeSpan.FromMinutes(2))
            await Task.Delay(20);
        // Not SIGINT, which a shell's background jobs, and so a whole test run, may have inherited as ignored.
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
            await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(limit.Token);
        var (said, complained) = (await output, await error);
        Assert.Multiple(() =>
        {
            Assert.That(process.ExitCode, Is.EqualTo(ExitCode.Terminated));
            Assert.That(said, Is.Empty);
            Assert.That(complained.Trim(), Does.Contain("interrupted").And.Not.Contain("\n"));
            Assert.That(Directory.EnumerateFileSystemEntries(parent), Is.EqualTo((string[])[scratch]));
            Assert.That(Directory.EnumerateFileSystemEntries(scratch, "taalas-*"), Is.Empty);
        });
    }

    [Test]
    public void Missing_verilator_is_one_line()
    {
        var path = Environment.GetEnvironmentVariable("PATH");
        try
        {
            Environment.SetEnvironmentVariable("PATH", "");
            var (code, output, error) = Invocation.Run("verify-rtl", TinyModel.SharedChip);
            Assert.Multiple(() =>
            {
                Assert.That(code, Is.EqualTo(ExitCode.BadInput));
                Assert.That(output, Is.Empty);
                Assert.That(
                    error,
                    Does.EndWith("verilator: not installed; install the package 'verilator' of your distribution\n").And.Not.Matches("\n.")
                );
            });
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }

    private static string[] Keys(JsonElement element) => [.. element.EnumerateObject().Select(p => p.Name)];
}
