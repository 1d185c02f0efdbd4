using System.Globalization;
using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>What the event engine shows at the command line.</summary>
[Category("Smoke")]
public class EngineCommandTests
{
    [Test]
    public void Run_prints_the_critical_path_that_adds_up_and_what_stands_where_at_a_cycle()
    {
        var result = Taalas.Run("run", Taalas.StoriesChip, "-p", "Once", "-n", "4", "--greedy", "--profile", "--probe", "100", "--json");
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        var json = result.Json();
        var rows = json.GetProperty("critical_path").EnumerateArray().ToArray();
        var text = Taalas.Run("run", Taalas.StoriesChip, "-p", "Once", "-n", "4", "--greedy", "--profile", "--probe", "100").Error;
        Assert.Multiple(() =>
        {
            Assert.That(rows.Sum(r => r.GetProperty("share").GetDouble()), Is.EqualTo(1).Within(1e-9));
            Assert.That(rows.Select(r => r.GetProperty("limited_by").GetString()), Has.Some.EqualTo("bank working"));
            Assert.That(json.GetProperty("probe").GetArrayLength(), Is.GreaterThan(0));
            Assert.That(text, Does.Contain("limited by").And.Contain("100.00 %").And.Contain("cycle 100: "));
        });
    }

    [Test]
    public void Export_writes_the_timetable_whose_last_phase_ends_with_the_token()
    {
        var file = Path.Combine(TemporaryFolder.OfProcess, "timetable.csv");
        var json = Taalas.Run("export", Taalas.StoriesChip, "--timetable", file, "--users", "3", "--context", "40", "--json").Json();
        var lines = File.ReadAllLines(file);
        Assert.Multiple(() =>
        {
            Assert.That(lines, Has.Length.EqualTo(1 + json.GetProperty("rows").GetInt32()));
            Assert.That(
                lines[^1].Split(',')[4],
                Is.EqualTo(json.GetProperty("token_cycles").GetInt64().ToString(CultureInfo.InvariantCulture))
            );
            Assert.That(
                json.GetProperty("token_cycles").GetDouble(),
                Is.LessThanOrEqualTo(json.GetProperty("round_cycles").GetDouble()),
                "back when the user's turn comes"
            );
            Assert.That(
                json.GetProperty("round_cycles").GetDouble(),
                Is.EqualTo(3 * json.GetProperty("initiation_interval_cycles").GetDouble())
            );
        });
    }

    [Test]
    public void A_trace_of_some_cycles_holds_tracks_flows_and_counters_of_power_queue_and_bandwidth()
    {
        var file = Path.Combine(TemporaryFolder.OfProcess, "engine.trace.json");
        var json = Taalas.Run("export", Taalas.StoriesChip, "--trace", file, "--users", "3", "--cycles", "1000,3000", "--json").Json();
        var events = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.GetProperty("traceEvents").EnumerateArray().ToArray();
        var counters = events
            .Where(e => e.GetProperty("ph").GetString() == "C")
            .Select(e => e.GetProperty("name").GetString())
            .Distinct()
            .ToArray();
        var slices = events.Where(e => e.GetProperty("ph").GetString() == "X").Select(e => e.GetProperty("args")).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(counters, Is.SupersetOf(new[] { "busy", "waiting", "bandwidth", "power" }));
            Assert.That(slices, Has.Length.EqualTo(json.GetProperty("slices").GetInt32()));
            Assert.That(
                slices.All(s =>
                    s.GetProperty("start_cycle").GetInt64() < 3000
                    && s.GetProperty("start_cycle").GetInt64() + s.GetProperty("cycles").GetInt64() > 1000
                )
            );
            Assert.That(events.Count(e => e.GetProperty("ph").GetString() == "s"), Is.GreaterThan(0));
            Assert.That(json.GetProperty("power").GetProperty("watts_by_domain").GetProperty("bank").GetArrayLength(), Is.GreaterThan(1));
        });
    }

    [TestCase("--cycles", "5")]
    [TestCase("--cycles", "9,3")]
    [TestCase("--users", "0")]
    public void Wrong_windows_and_users_are_one_line(string option, string value)
    {
        var result = Taalas.Run("export", Taalas.StoriesChip, "--trace", Path.Combine(TemporaryFolder.OfProcess, "no.json"), option, value);
        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.EqualTo(2));
            Assert.That(result.Error.Trim().Split('\n'), Has.Length.EqualTo(1));
        });
    }
}
