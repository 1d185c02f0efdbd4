using System.Globalization;
using NUnit.Framework;
using TaalasSim.Cli.Options;
using TaalasSim.Runtime.Rtl;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>Waveforms of a chip's Verilog.</summary>
[TestFixture]
[Category("Timing")]
[NonParallelizable]
public sealed class WaveformTests
{
    private const int Prompt = 3,
        From = 500,
        To = 2300;

    private static readonly string[] Signals =
    [
        "control.pc",
        "control.busy",
        "control.unit_done",
        "sampling_unit.best_so_far",
        "cluster[0].lanes.done",
        "cluster[0].kv.write",
    ];

    [Test]
    [Category("Slow")]
    public async Task Waveform_of_a_window_shows_controller_sites_and_sampled_tokens_in_their_cycles()
    {
        Tools.Need("verilator");
        var folder = TemporaryFolder.New();
        using var simulation = await ChipSimulation.BuildAsync(TinyModel.SharedChip, Path.Combine(folder, "verilog"), traced: true);
        var file = Path.Combine(folder, "chip.vcd");
        ChipCheckResult result;
        using (var waveform = Waveform.Create(file, $"{From}..{To}"))
            result = await simulation.RunAsync([0, 1, 2], 3, waveform: waveform);
        var written = result.Waveform!;
        var dump = ValueChangeDump.Read(file);
        long[] times = [.. dump.Times];
        var clock = dump.Samples("TOP.clk").ToArray();
        var cycles = Cycles(dump);
        var sites = simulation
            .Rtl.Straps.Select((s, i) => (s.Matrix, Path: $"TOP.chip.at_site_{i}.out_valid"))
            .Where(s => s.Matrix >= 0 && simulation.Rtl.Plan.Matrices[s.Matrix].Name != "token_embd.weight")
            .ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(result.Faults, Is.Empty);
            Assert.That(dump.Timescale, Is.EqualTo("100ps"));
            Assert.That(
                times,
                Is.EqualTo(Enumerable.Range(0, (2 * (To - From)) + 1).Select(i => (10L * From) + (5 * i))),
                "two times a cycle, none outside the window"
            );
            Assert.That(
                clock.Select(s => s.Values[0]),
                Is.EqualTo(clock.Select(s => s.Time % 10 == 0 ? 1ul : 0)),
                "the clock rises with the cycle"
            );
            foreach (var signal in Signals)
                Assert.That(dump.Signals, Does.ContainKey("TOP.chip." + signal));
            foreach (var (_, path) in sites)
                Assert.That(dump.Samples(path).Any(s => s.Values[0] == 1), path);
            // The window holds the ends of the first two answers; the next pass begins in the cycle in which one ends.
            Assert.That(
                cycles.Where(c => c.AnswerValid).Select(c => (c.Cycle, (int)c.Answer)),
                Is.EqualTo(new[] { (written.PassStarts[Prompt], result.Tokens[0]), (written.PassStarts[Prompt + 1], result.Tokens[1]) })
            );
            Assert.That(
                cycles.Where(c => c.AnswerValid).Select(c => c.Sampled),
                Is.EqualTo(cycles.Where(c => c.AnswerValid).Select(c => c.Answer))
            );
            Assert.That(
                cycles.Where(c => c.Starts).Select(c => (c.Cycle, (int)c.Position)).ToArray(),
                Is.EqualTo(written.PassStarts.Select((start, position) => (start, position)).Where(p => p.start is >= From and < To))
                    .And.Length.EqualTo(4)
            );
            Assert.That(
                (written.File, written.From, written.To, written.Bytes),
                Is.EqualTo((file, (long)From, (long)To, new FileInfo(file).Length))
            );
            Assert.That(Directory.GetFiles(folder), Is.EqualTo((string[])[file]));
        });

        var last = written.PassStarts[^1];
        await Window_that_passes_the_end_is_cut_there(simulation, file, last);
        await Window_behind_the_run_is_one_line_and_keeps_the_old_file(simulation, file);
    }

    [TestCase("0..0")]
    [TestCase("2000")]
    [TestCase("20..10")]
    [TestCase("-5..10")]
    [TestCase("0..1e6")]
    [TestCase("0..99999999999999999999")]
    public void Bad_window_is_one_line(string window) =>
        AssertOneLine(
            $"window of cycles '{window}': use FROM..TO with FROM below TO, such as 0..2000",
            "verify-rtl",
            "no.chip",
            "--wave",
            Path.Combine(TemporaryFolder.New(), "chip.vcd"),
            "--wave-window",
            window
        );

    [Test]
    public void Bad_requests_are_one_line_before_anything_is_built()
    {
        var folder = TemporaryFolder.New();
        var file = Path.Combine(folder, "chip.vcd");
        var lost = Path.Combine(folder, "no-such-folder", "chip.vcd");
        Assert.Multiple(() =>
        {
            AssertOneLine(
                "--wave: a waveform is of one chip, not of 2; run them one after the other",
                "verify-rtl",
                "a.chip",
                "b.chip",
                "--wave",
                file
            );
            AssertOneLine(
                "--wave: needs a complete chip; leave out --port, --random and --synth",
                "verify-rtl",
                "a.chip",
                "--port",
                "x",
                "--wave",
                file
            );
            AssertOneLine("--wave-window: needs --wave FILE", "verify-rtl", "a.chip", "--wave-window", "0..10");
            AssertOneLine(
                $"'{folder}': a folder cannot become a waveform; give a file, such as chip.vcd",
                "verify-rtl",
                "a.chip",
                "--wave",
                folder
            );
            AssertOneLine($"{lost}: cannot be written: its folder does not exist", "verify-rtl", "a.chip", "--wave", lost);
            AssertOneLine(
                $"{file}.FST: the waveform is VCD; give the file a name that ends in .vcd",
                "verify-rtl",
                "a.chip",
                "--wave",
                file + ".FST"
            );
            // A chip that is not there is found out behind the waveform's name, which is given back.
            Assert.That(Invocation.Run("verify-rtl", "no.chip", "--wave", file).Code, Is.EqualTo(ExitCode.BadInput));
            Assert.That(Directory.EnumerateFileSystemEntries(folder), Is.Empty);
        });
    }

    private static (long Cycle, bool AnswerValid, ulong Answer, ulong Sampled, bool Starts, ulong Position)[] Cycles(ValueChangeDump dump)
    {
        // In the middle of a cycle, where the clock has fallen, all values have settled.
        return
        [
            .. dump.Samples(
                    "TOP.chip.answer_valid",
                    "TOP.chip.answer_token",
                    "TOP.chip.sampled_token",
                    "TOP.chip.control.starts",
                    "TOP.chip.control.position"
                )
                .Where(s => s.Time % 10 == 5)
                .Select(s =>
                    (
                        Cycle: s.Time / 10,
                        AnswerValid: s.Values[0] == 1,
                        Answer: s.Values[1],
                        Sampled: s.Values[2],
                        Starts: s.Values[3] == 1,
                        Position: s.Values[4]
                    )
                ),
        ];
    }

    private static async Task Window_that_passes_the_end_is_cut_there(ChipSimulation simulation, string file, long from)
    {
        using var waveform = Waveform.Create(file, string.Create(CultureInfo.InvariantCulture, $"{from}..{long.MaxValue}"));
        var result = await simulation.RunAsync([0, 1, 2], 3, waveform: waveform);
        var dump = ValueChangeDump.Read(file);
        var end = dump.Samples("TOP.chip.answer_valid", "TOP.chip.answer_token", "TOP.finished").ToArray();
        Assert.Multiple(() =>
        {
            Assert.That((dump.Times.First(), dump.Times.Last()), Is.EqualTo((10 * from, 10 * result.Waveform!.To)));
            // The last answer is there until the edge that ends the run.
            Assert.That(end[^2].Values, Is.EqualTo((ulong[])[1, (ulong)result.Tokens[^1], 0]));
            Assert.That(end[^1].Values[2], Is.EqualTo(1));
        });
    }

    private static async Task Window_behind_the_run_is_one_line_and_keeps_the_old_file(ChipSimulation simulation, string file)
    {
        var before = await File.ReadAllBytesAsync(file);
        using (var waveform = Waveform.Create(file, "100000..100010"))
            Assert.That(
                () => simulation.RunAsync([0, 1, 2], 3, waveform: waveform),
                Throws.Exception.With.Message.Match(
                    "^waveform of cycles 100000\\.\\.100010: the run took [0-9]+ cycles; choose a window in them$"
                )
            );
        Assert.That(await File.ReadAllBytesAsync(file), Is.EqualTo(before));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(file)!), Is.EqualTo((string[])[file]));
    }

    private static void AssertOneLine(string line, params string[] arguments)
    {
        var (code, output, error) = Invocation.Run(arguments);
        Assert.That((code, output, error), Is.EqualTo((ExitCode.BadInput, "", $"taalas: {line}\n")));
    }
}
