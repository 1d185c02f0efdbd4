using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using TaalasSim.Cli.Tests.Commands;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>
/// One process compiles, runs, sweeps and reports again and again: memory, handles, mapped files and temporaries stay as they are after
/// the first rounds. A few rounds without reports in <c>./test</c>; an hour with <c>--all</c>, or <c>TAALAS_SOAK_MINUTES</c>.
/// </summary>
[Category("Smoke"), NonParallelizable]
public sealed class SoakTests
{
    private const int FirstRounds = 2;

    private const double LongMinutes = 60;

    // What the runtime itself still grows by: compiled methods and its tables.
    private const long HeapTolerance = 4L << 20,
        ResidentTolerance = 150L << 20;

    [Test]
    public void Rounds_of_commands_leave_nothing_behind()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("reads /proc");
        using var folder = new TemporaryFolder();
        var minutes =
            double.TryParse(
                Environment.GetEnvironmentVariable("TAALAS_SOAK_MINUTES"),
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var given
            )
                ? given
            : Shared.All ? LongMinutes
            : 0;
        // A report takes seconds.
        var reports = minutes > 0;
        for (var i = 0; i < FirstRounds; i++)
            Round(folder, reports);
        var (before, clock, rounds) = (SoakState.Now(folder.Path), Stopwatch.StartNew(), 0);
        TestContext.Out.WriteLine($"after {FirstRounds} rounds: {before}");
        do
        {
            Round(folder, reports);
            rounds++;
            if (rounds % 20 == 0)
                TestContext.Progress.WriteLine($"{clock.Elapsed.TotalMinutes:0.0} min, {rounds} rounds: {SoakState.Now(folder.Path)}");
        } while (clock.Elapsed.TotalMinutes < minutes || rounds < FirstRounds);
        var after = SoakState.Now(folder.Path);
        TestContext.Out.WriteLine($"after {rounds} more rounds in {clock.Elapsed.TotalMinutes:0.0} min: {after}");
        Assert.Multiple(() =>
        {
            Assert.That(after.Handles, Is.LessThanOrEqualTo(before.Handles), "handles");
            Assert.That(after.Mappings, Is.Zero, "mapped files");
            Assert.That(after.Temporaries, Is.Zero, "temporaries");
            Assert.That(after.HeapBytes - before.HeapBytes, Is.LessThan(HeapTolerance), "heap");
            Assert.That(after.ResidentBytes - before.ResidentBytes, Is.LessThan(ResidentTolerance), "memory");
        });
    }

    // The same paths each time; refusals as well, which take other ways out.
    private static void Round(TemporaryFolder folder, bool reports)
    {
        var (model, chip) = (folder.File("tiny.gguf"), folder.File("tiny.chip"));
        if (!File.Exists(model))
        {
            TinyModel.Write(model, addMetadata: null);
            folder.Write(
                "s.yaml",
                "name: s\nmodel: llama-3.2-1b\nfabric: hc1\nservice: { input_tokens: 8, output_tokens: 4 }\nvary:\n  - { field: "
                    + "service.users, values: [1, 2] }\n"
            );
            folder.Write("cut.gguf", "GGUF");
        }

        if (Directory.Exists(folder.File("sweep")))
            Directory.Delete(folder.File("sweep"), recursive: true);
        Command(0, "compile", model, "-o", chip, "--weights", "rom3");
        Command(0, "run", chip, "--prompt-ids", "1,2,3", "-n", "4", "--greedy");
        Command(0, "run", chip, "-p", "ab", "-n", "2", "--numerics", "hardware", "--timing", "event");
        Command(0, "sweep", folder.File("s.yaml"), "-o", folder.File("sweep"), "--draws", "20", "--threads", "1");
        if (reports)
            Command(0, "report", chip, "-o", folder.File("report"));
        Command(0, "export", chip, "--gds", folder.File("tiny.gds"));
        Command(2, "compile", folder.File("cut.gguf"), "-o", folder.File("x.chip"));
        Command(2, "run", model, "-f", folder.File("absent.txt"));
    }

    private static void Command(int expected, params string[] arguments)
    {
        var (code, _, error) = Invocation.Run(arguments);
        Assert.That(code, Is.EqualTo(expected), $"{string.Join(' ', arguments)}: {error}");
    }
}
