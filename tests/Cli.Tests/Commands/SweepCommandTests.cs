using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

[TestFixture]
[Category("Smoke")]
[NonParallelizable]
public sealed class SweepCommandTests
{
    [Test]
    public void A_sweep_says_what_it_found_and_answers_queries()
    {
        using var folder = new TemporaryFolder();
        var spec = folder.Write(
            "t.yaml",
            """
            name: t
            model: llama-3.2-1b
            fabric: hc1
            size: smallest that fits
            service: { input_tokens: 300, output_tokens: 100, users: 1 }
            vary:
              - { field: fabric.bank.rows, values: [256, 512] }
            objectives: [{ minimize: die_mm2 }]
            constraints: [watts <= 500]
            """
        );
        var (output, query) = (folder.File("out"), "SELECT point, die_mm2, 'a' || chr(27) AS text FROM sweep ORDER BY point");
        var run = Invocation.Run("sweep", spec, "-o", output, "--draws", "0");
        var table = Invocation.Run("sweep", "query", output, query);
        var csv = Invocation.Run("sweep", "query", output, query, "--csv");
        var json = JsonDocument.Parse(Invocation.Run("sweep", "query", output, query, "--json").Output).RootElement;
        var summary = JsonDocument.Parse(Invocation.Run("sweep", spec, "-o", output, "--draws", "0", "--json").Output).RootElement;
        Assert.Multiple(() =>
        {
            Assert.That(run.Code, Is.Zero, run.Error);
            Assert.That(run.Output, Does.Contain("2 points meet the constraints, 1 point on the Pareto front (column 'on_front')"));
            Assert.That(
                table.Output.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries),
                Is.EqualTo(new[] { "point", "die_mm2", "text" })
            );
            Assert.That(table.Output, Does.Not.Contain("\u001b"));
            var rows = json.GetProperty("rows").EnumerateArray().Select(r => r[1].GetDouble()).ToArray();
            Assert.That(
                csv.Output,
                Is.EqualTo(FormattableString.Invariant($"point,die_mm2,text\n0,{rows[0]:R},a\\u001b\n1,{rows[1]:R},a\\u001b\n"))
            );
            Assert.That(rows[1], Is.LessThan(rows[0]), "longer columns share their selectors");
            Assert.That(
                (summary.GetProperty("meet_constraints").GetInt32(), summary.GetProperty("on_front").GetInt32()),
                Is.EqualTo((2, 1))
            );
        });
    }

    [Test]
    public void Modes_that_look_for_something_print_it()
    {
        using var folder = new TemporaryFolder();
        const string head = """
            name: t
            model: llama-3.2-1b
            fabric: hc1
            service: { input_tokens: 300, output_tokens: 100, users: 1 }
            vary:
              - { field: fabric.clock_ghz, range: { from: 0.9, to: 1.4 } }
              - { field: prices.electricity_usd_per_kwh, range: { from: 0.1, to: 0.2 } }

            """;
        string Run(string rest) =>
            Invocation.Run("sweep", folder.Write(rest[6..9] + ".yaml", head + rest), "-o", folder.File(rest[6..9]), "--draws", "0").Output;
        Assert.Multiple(() =>
        {
            var tornado = Run("mode: tornado\n").Split('\n');
            Assert.That(
                tornado[1],
                Does.Match(@"^  watts: [\d.]+ at fabric.clock_ghz 0.9, [\d.]+ as described, [\d.]+ at 1.4 \(tornado.csv\)$")
            );
            Assert.That(tornado[2], Does.StartWith("  watts: ").And.Contains("prices.electricity_usd_per_kwh 0.1"));
            Assert.That(
                Run("mode: sensitivity\npoints: 64\n").Split('\n')[1],
                Does.Match(@"^  watts: fabric.clock_ghz makes .* of the variance alone, .* with others \(sensitivity.csv\)$")
            );
        });
    }

    [TestCase("query", "none", "SELECT 1")]
    [TestCase("query", "none")]
    [TestCase("query")]
    public void A_query_without_a_sweep_is_refused(params string[] arguments) =>
        Assert.That(Invocation.Run(["sweep", .. arguments]).Code, Is.EqualTo(2));
}
