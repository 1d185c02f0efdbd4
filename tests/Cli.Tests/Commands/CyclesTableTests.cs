using System.Globalization;
using System.Text.Json;
using NUnit.Framework;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Reports.Compare;
using TaalasSim.Runtime.Engine;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>One meaning of cycles: every command gives the same for the same token, and seconds are cycles over the clock. The table of
/// docs/validation.md is what the commands give.</summary>
[Category("Timing")]
[NonParallelizable]
public class CyclesTableTests
{
    /// <summary>Positions that the token of the demo chip attends to.</summary>
    private const int Positions = 96;

    private const string Heading = "| chip | command | cycles of a token | µs |";

    private static string Prompt => string.Join(',', Enumerable.Repeat("5", Positions - 1));

    [Test]
    public void Every_command_counts_the_same_cycles_and_the_page_says_so()
    {
        var demo = Demo();
        var hc1 = Hc1();
        Assert.Multiple(() =>
        {
            foreach (var rows in new[] { demo, hc1 })
            foreach (var (command, cycles, _) in rows)
                Assert.That(cycles, Is.EqualTo(rows[0].Cycles), command);
            // 1 GHz and 1.280497 GHz; the card counts whole nanoseconds.
            foreach (var (command, cycles, us) in demo.Where(r => r.Us is not null))
                Assert.That(us!.Value, Is.EqualTo(cycles / 1e3).Within(0.0015), command);
            foreach (var (command, cycles, us) in hc1.Where(r => r.Us is not null))
                Assert.That(us!.Value, Is.EqualTo(cycles / 1280.497).Within(1e-3), command);
        });
        string[] table = [Heading, "|---|---|---|---|", .. demo.Select(r => Row("demo", r)), .. hc1.Select(r => Row("hc1", r))];
        var page = Shared.InRepo("docs/validation.md");
        var lines = File.ReadAllLines(page).ToList();
        var at = lines.IndexOf(Heading);
        Assert.That(at, Is.Positive, "the page has the table");
        var end = lines.FindIndex(at, l => !l.StartsWith('|'));
        if (Environment.GetEnvironmentVariable("TAALAS_WRITE_TABLES") == "1")
        {
            lines.RemoveRange(at, end - at);
            lines.InsertRange(at, table);
            File.WriteAllText(page, string.Join('\n', lines) + "\n");
            return;
        }

        Assert.That(lines[at..end], Is.EqualTo(table), "write it again with TAALAS_WRITE_TABLES=1");
    }

    [Test]
    public void A_probe_finds_the_last_token_in_its_cycles_and_nothing_after_them()
    {
        var last = (long)Profile(Positions);
        Assert.That(Probe(last - 1000), Is.EqualTo(new[] { Positions - 1 }));
        Assert.That(Probe(last), Is.Empty);

        static int[] Probe(long cycle) =>
            [
                .. Run(
                        "run",
                        Invocation.DemoChip,
                        "--prompt-ids",
                        "5",
                        "-n",
                        $"{Positions}",
                        "--ignore-eos",
                        "--greedy",
                        "--probe",
                        $"{cycle}",
                        "--json"
                    )
                    .GetProperty("probe")
                    .EnumerateArray()
                    .Select(t => t.GetProperty("position").GetInt32()),
            ];
    }

    private static List<(string Command, double Cycles, double? Us)> Demo()
    {
        var run = Run("run", Invocation.DemoChip, "--prompt-ids", Prompt, "-n", "2", "--ignore-eos", "--greedy", "--json");
        var played = Run(
            "run",
            Invocation.DemoChip,
            "--prompt-ids",
            Prompt,
            "-n",
            "2",
            "--ignore-eos",
            "--greedy",
            "--json",
            "--timing",
            "event"
        );
        string[] lengths = ["--input", $"{Positions - 1}", "--output", "2"];
        var compare = Run(["compare", Invocation.DemoChip, .. lengths, "--json"]);
        var explain = Run(["compare", Invocation.DemoChip, .. lengths, "--explain", "tokens_per_second_user", "--json"]);
        using var folder = new TemporaryFolder();
        var (trace, timetable, report) = (
            Path.Combine(folder.Path, "t.json"),
            Path.Combine(folder.Path, "t.csv"),
            Path.Combine(folder.Path, "r")
        );
        string[] service = ["--users", "1", "--context", $"{Positions}"];
        var traced = Run(["export", Invocation.DemoChip, "--trace", trace, .. service, "--tokens", "1", "--json"]);
        Run(["export", Invocation.DemoChip, "--timetable", timetable, .. service, "--json"]);
        Run(["report", Invocation.DemoChip, "-o", report, "--input", $"{Positions - 1}", "--output-tokens", "2", "--json"]);
        var cycles = run.GetProperty("simulated").GetProperty("cycles_per_token").GetDouble();
        var page = File.ReadAllText(Path.Combine(report, "report.html"));
        Assert.That(page, Does.Contain(cycles.ToString("N0", CultureInfo.InvariantCulture) + " cycles a token"));
        return
        [
            ("run", cycles, run.GetProperty("simulated").GetProperty("us_per_token").GetDouble()),
            (
                "run --timing event",
                played.GetProperty("simulated").GetProperty("cycles_per_token").GetDouble(),
                played.GetProperty("simulated").GetProperty("us_per_token").GetDouble()
            ),
            ("run --profile", Profile(Positions) - Profile(Positions - 1), null),
            ("export --trace", traced.GetProperty("cycles").GetDouble(), null),
            (
                "export --timetable",
                File.ReadLines(timetable).Skip(1).Max(l => double.Parse(l.Split(',')[4], CultureInfo.InvariantCulture)),
                null
            ),
            ("compare", compare.GetProperty("speed").GetProperty("cycles_per_token").GetDouble(), Us(compare)),
            ("compare --explain", TokenCycles(explain), 1e6 / explain.GetProperty("value").GetDouble()),
            ("report", cycles, null),
        ];
    }

    private static List<(string Command, double Cycles, double? Us)> Hc1()
    {
        var compare = Run("compare", "llama-3.1-8b", "--json");
        var explain = Run("compare", "llama-3.1-8b", "--explain", "tokens_per_second_user", "--json");
        var cost = Run("cost", "llama-3.1-8b", "--json");
        var validate = Run("validate", "silicon", "--json");
        var library = new DesignLibrary(Shared.InRepo("chips"));
        var plan = DesignLibrary.Plan(library.Shape("llama-3.1-8b"), library.Fabric("hc1"), "rom3");
        var played = new EventEngine(BuildTokenSchedule.From(plan), Workload.Users(1, new Request(0, 1, 1, 1499))).Run();
        var cycles = compare.GetProperty("speed").GetProperty("cycles_per_token").GetDouble();
        var speed = cost.GetProperty("figures").EnumerateArray().Single(f => f.GetProperty("key").GetString() == "tokens_per_second_user");
        var us = validate.GetProperty("rows").EnumerateArray().Single(r => r.GetProperty("id").GetString() == "hc1_us_per_token");
        return
        [
            ("compare", cycles, Us(compare)),
            ("compare --explain", TokenCycles(explain), 1e6 / explain.GetProperty("value").GetDouble()),
            ("event engine", played.Cycles, null),
            ("cost", cycles, 1e6 / speed.GetProperty("figure").GetProperty("value").GetDouble()),
            ("validate silicon", cycles, us.GetProperty("predicted").GetDouble()),
        ];
    }

    // Cycles of a request of one prompt token and some answer tokens: the k-th of them attends to k positions.
    private static double Profile(int tokens) =>
        Run("run", Invocation.DemoChip, "--prompt-ids", "5", "-n", $"{tokens}", "--ignore-eos", "--greedy", "--profile", "--json")
            .GetProperty("critical_path")
            .EnumerateArray()
            .Sum(r => r.GetProperty("cycles").GetDouble());

    private static double TokenCycles(JsonElement explain) =>
        explain
            .GetProperty("inputs")
            .EnumerateArray()
            .Single(i => i.GetProperty("name").GetString() == "token_cycles")
            .GetProperty("value")
            .GetDouble();

    private static double Us(JsonElement compare) =>
        1e6
        / compare.GetProperty("systems")[0].GetProperty("one_user").GetProperty("tokens_per_second_user").GetProperty("value").GetDouble();

    private static string Row(string chip, (string Command, double Cycles, double? Us) row) =>
        string.Create(CultureInfo.InvariantCulture, $"| {chip} | `{row.Command}` | {row.Cycles:N0} | {Us(row.Us)} |");

    private static string Us(double? us) => us?.ToString("0.00", CultureInfo.InvariantCulture) ?? "–";

    private static JsonElement Run(params string[] arguments)
    {
        var (code, output, error) = Invocation.Run(arguments);
        Assert.That(code, Is.Zero, $"{string.Join(' ', arguments)}: {error}");
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }
}
