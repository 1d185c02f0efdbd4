using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Power;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Validation;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Validation;

[TestFixture]
[Category("Validation")]
public sealed class SiliconSuiteTests
{
    private const string Row =
        "rows:\n  - { id: a, fabric: hc1, model: llama-3.1-8b, quantity: die_mm2, value: 815, unit: mm2, role: validation, source: test";

    private static DesignLibrary Library { get; } = new(Shared.InRepo("chips"));

    private static string Committed => Shared.InRepo("chips/measurements/silicon.yaml");

    [Test]
    public void Every_committed_figure_is_scored_within_its_gate_or_has_a_reason()
    {
        var report = SiliconSuite.Run(Library, Committed);
        var file = SiliconMeasurements.Read(Committed);
        Assert.Multiple(() =>
        {
            Assert.That(report.Rows.Where(r => !r.Pass).Select(r => $"{r.Id} {r.ErrorPct:0.0} %"), Is.Empty);
            Assert.That(
                report.Rows.Select(r => r.Id).Concat(report.Unmodelled.Select(u => u.Id)),
                Is.EquivalentTo(file.Rows.Select(r => r.Id))
            );
            Assert.That(report.Unmodelled.Select(u => u.Reason), Has.All.Length.GreaterThan(15));
            Assert.That(report.Rows.Select(r => r.Role).Distinct(), Is.EquivalentTo((string[])["calibration", "validation", "reference"]));
            Assert.That(report.Rows, Has.All.Matches<ValidationRow>(r => r!.Low <= r.Predicted && r.Predicted <= r.High));
        });
    }

    [Test]
    public void A_figure_that_the_model_misses_fails_its_group_and_the_report()
    {
        var report = Score(Row.Replace("815", "700", StringComparison.Ordinal) + " }");
        Assert.Multiple(() =>
        {
            Assert.That(report.Pass, Is.False);
            // 815 / 700 − 1.
            Assert.That(report.Groups.Single().BiasPct, Is.EqualTo(16.43).Within(0.1));
            Assert.That(Score(Row.Replace("815", "700", StringComparison.Ordinal) + ", gate_pct: 17 }").Pass, Is.True);
            Assert.That(
                Score(
                    Row.Replace("815", "700", StringComparison.Ordinal)
                        .Replace("role: validation", "role: reference", StringComparison.Ordinal) + " }"
                ).Pass,
                Is.True
            );
        });
    }

    [Test]
    public void Published_machines_are_predicted_from_their_papers_and_never_fitted()
    {
        var rows = SiliconMeasurements.Read(Committed).Rows.Where(r => r.Group.StartsWith("published machines", StringComparison.Ordinal));
        var machines = rows.GroupBy(r => r.Fabric).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(machines, Has.Count.GreaterThanOrEqualTo(4));
            foreach (var machine in machines)
            {
                var fabric = Library.Fabric(machine.Key);
                Assert.That(fabric.Published, Is.Null, $"{machine.Key} has figures that calibration could use");
                Assert.That(Library.Anchor(fabric.Technology), Is.Null, $"{machine.Key} is in the process of a calibrated chip");
                Assert.That(machine.Select(r => r.Quantity).Distinct().Count(), Is.GreaterThanOrEqualTo(2), machine.Key);
                Assert.That(machine.Select(r => r.Role), Is.All.EqualTo("validation"), machine.Key);
            }
        });
    }

    [Test]
    public void Figures_of_a_macro_follow_from_one_bank()
    {
        const string machine =
            ", fabric: bitrom-65nm, model: bitnet-2b, input_tokens: 100, output_tokens: 100, role: reference, source: t, ";
        var report = Score(
            $"rows:\n  - {{ id: density{machine}quantity: bank_memory_mb_per_mm2, value: 1, unit: Mb/mm2 }}\n"
                + $"  - {{ id: energy{machine}quantity: bank_picojoules_per_mac, value: 1, unit: pJ }}\n"
        );
        var fabric = Library.Fabric("bitrom-65nm");
        var process = Library.Technology(fabric.Technology);
        var volts = SupplyVoltage.Of(fabric, process) / process.Supply.NominalVolts;
        // Two bits of a weight read, the activation added or not, a sum of 8 + 11 bits added and registered; wires between banks on top.
        var (e, factor) = (process.Energy, process.Calibration.Power * volts * volts);
        var least = factor * ((2 * e.RomReadPjPerBit) + (8 * e.AddPjPerBit) + (19 * (e.AddPjPerBit + e.FlipFlopPj)));
        Assert.Multiple(() =>
        {
            Assert.That(
                report.Rows.Single(r => r.Id == "density").Predicted,
                Is.EqualTo(process.Memory.RomMbPerMm2 / process.Calibration.Area).Within(1e-9).Percent
            );
            Assert.That(report.Rows.Single(r => r.Id == "energy").Predicted, Is.InRange(least, 1.1 * least));
        });
    }

    [Test]
    public void A_known_miss_is_shown_as_one_and_fails_once_it_no_longer_misses()
    {
        var miss = Score(Row.Replace("815", "700", StringComparison.Ordinal) + ", group: elsewhere, known_miss: a stated cause }");
        var hit = Score(Row + ", known_miss: a stated cause }");
        Assert.Multiple(() =>
        {
            Assert.That(miss.Pass, Is.True);
            Assert.That(miss.KnownMisses, Is.EqualTo(1));
            Assert.That(miss.Groups.Single().Name, Is.EqualTo("elsewhere"));
            // 815 / 700 − 1: the error stays in the table.
            Assert.That(miss.Groups.Single().WorstPct, Is.EqualTo(16.43).Within(0.1));
            Assert.That(hit.Pass, Is.False);
            Assert.That(
                () => Score(Row.Replace("role: validation", "role: calibration", StringComparison.Ordinal) + ", known_miss: a cause }"),
                Throws.TypeOf<InputException>().With.Message.Contains("known_miss is for rows of the role validation")
            );
            Assert.That(
                () => Score(Row + ", known_miss: a cause, unmodelled: a reason }"),
                Throws.TypeOf<InputException>().With.Message.Contains("not both")
            );
        });
    }

    [Test]
    public void Answers_of_the_public_demonstration_are_scored_at_their_own_lengths()
    {
        var rows = SiliconMeasurements
            .Read(Committed)
            .Rows.Where(r => r.Group.StartsWith("demonstration", StringComparison.Ordinal))
            .ToList();
        Assert.Multiple(() =>
        {
            Assert.That(rows, Has.Count.EqualTo(20));
            Assert.That(rows.Select(r => r.InputTokens).Distinct(), Is.EquivalentTo((int[])[18, 21, 22]));
            Assert.That(rows.Select(r => r.OutputTokens), Has.Some.EqualTo(333).And.Some.EqualTo(4));
            Assert.That(rows, Has.All.Matches<SiliconMeasurement>(r => r!.KnownMiss.Length > 0));
        });
    }

    [Test]
    public void Inside_the_stated_interval_there_is_no_error_and_outside_the_nearest_end_counts()
    {
        Assert.Multiple(() =>
        {
            Assert.That(ValidationRow.Error(5, 4, 6), Is.Zero);
            Assert.That(ValidationRow.Error(9, 4, 6), Is.EqualTo(50));
            Assert.That(ValidationRow.Error(3, 4, 6), Is.EqualTo(-25));
        });
    }

    [Test]
    public void Another_chip_is_scored_by_writing_yaml_alone()
    {
        var folder = TemporaryFolder.New();
        // The same chip at half the clock: twice the time per token.
        File.Copy(Shared.InRepo("chips/fabrics/hc1.yaml"), Path.Combine(folder, "hc1.yaml"));
        File.WriteAllText(
            Path.Combine(folder, "slow.yaml"),
            "base: hc1\nname: slow\nclock_ghz: { value: 0.5, low: 0.5, high: 0.5, unit: GHz, confidence: low, source: test }\n"
        );
        File.WriteAllText(
            Path.Combine(folder, "m.yaml"),
            "rows:\n  - { id: slow, fabric: slow.yaml, model: llama-3.1-8b, quantity: tokens_per_second_user, value: 8480, unit: "
                + "tok/s, role: validation, source: test }\n"
        );
        var report = SiliconSuite.Run(Library, Path.Combine(folder, "m.yaml"));
        var clock = Library.Fabric("hc1").ClockGhz.Value;
        Assert.That(report.Rows.Single().Predicted, Is.EqualTo(16_960 * 0.5 / clock).Within(1).Percent);
    }

    [TestCase("die_mm2", "die_usd_in_roubles", "no quantity")]
    [TestCase("unit: mm2", "unit: cm2", "is predicted in mm2")]
    [TestCase("llama-3.1-8b", "llama-3.1-405b", "does not fit")]
    [TestCase("fabric: hc1", "fabric: nowhere", "no 'nowhere' in chips/fabrics")]
    public void What_cannot_be_modelled_is_listed_with_its_reason(string good, string bad, string reason)
    {
        var report = Score(Row.Replace(good, bad, StringComparison.Ordinal) + " }");
        Assert.Multiple(() =>
        {
            Assert.That(report.Rows, Is.Empty);
            Assert.That(report.Unmodelled.Single().Reason, Does.Contain(reason));
        });
    }

    [TestCase("value: 815, ", "", "give value, or low and high")]
    [TestCase("value: 815", "value: -1", "rows[0].value -1 must lie in 0")]
    [TestCase("role: validation", "role: prophecy", "role 'prophecy'")]
    [TestCase("quantity", "quantiti", "quantiti")]
    public void A_faulty_row_is_refused_in_one_line(string good, string bad, string message)
    {
        var error = Assert.Throws<InputException>(() => Score(Row.Replace(good, bad, StringComparison.Ordinal) + " }"));
        Assert.That(error!.Message, Does.Contain(message).And.Contain(".yaml").And.Not.Contain("\n"));
    }

    private static ValidationReport Score(string yaml)
    {
        var file = Path.Combine(TemporaryFolder.New(), "m.yaml");
        File.WriteAllText(file, yaml + "\n");
        return SiliconSuite.Run(Library, file);
    }
}
