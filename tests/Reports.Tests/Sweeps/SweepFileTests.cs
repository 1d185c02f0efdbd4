using System.Globalization;
using NUnit.Framework;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Sweeps;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Sweeps;

[TestFixture]
[Category("Smoke")]
public sealed class SweepFileTests
{
    private const string Head = "name: t\nmodel: m\nfabric: f\nservice: { input_tokens: 8, output_tokens: 4 }\n";
    private static readonly string Demo = Head.Replace("fabric: f", "fabric: demo", StringComparison.Ordinal);

    private static readonly DesignLibrary Library = new(Shared.InRepo("chips"));

    [Test]
    public void The_demonstration_sweep_reads_and_its_fields_exist()
    {
        var path = Shared.InRepo("chips/sweeps/demo.yaml");
        var spec = SweepFile.Read(path);
        SweepFile.CheckFields(spec, path, Library);
        Assert.That(SweepGrid.Count(spec), Is.EqualTo(6 * 3));
    }

    [TestCase("vary: []", "'vary' is empty")]
    [TestCase("vary:\n  - { field: service.users, values: [1] }\n  - { field: banks, values: [1] }", ":7: cannot vary 'banks'")]
    [TestCase("vary:\n  - { field: fabric., values: [1] }", ":6: cannot vary 'fabric.'")]
    [TestCase("vary:\n  - { field: service.patience, values: [1] }", ":6: cannot vary 'service.patience'")]
    [TestCase(
        "vary:\n  - { field: service.users, values: [1] }\n  - { field: service.users, values: [2] }",
        ":7: 'service.users' is varied twice"
    )]
    [TestCase("vary:\n  - { field: service.users }", ":6: 'service.users' has no values")]
    [TestCase("vary:\n  - { field: service.users, values: [1, 2, 1] }", ":6: 'service.users' has a value twice")]
    [TestCase("vary:\n  - { field: service.users, values: [1], range: { from: 1, to: 2, steps: 2 } }", ":6: 'service.users' has both")]
    [TestCase(
        "vary:\n  - { field: service.users, range: { from: 1, to: 2, steps: 1 } }",
        ":6: vary[0].range.steps 1 must lie in 2 … 10000"
    )]
    [TestCase("vary:\n  - { field: service.users, range: { from: 0, to: 2, steps: 3, log: true } }", ":6: 'service.users': a logarithmic")]
    [TestCase("vary:\n  - { field: service.users, range: { from: 2, to: 2, steps: 3 } }", ":6: 'service.users': from and to")]
    [TestCase("vary:\n  - { field: service.users, values: [1] }\nspeed: 3", ":7:")]
    [TestCase("vary:\n  - { field: service.users, values: [1], unit: x }", ":6:")]
    [TestCase("vary:\n  - { field: service.users, values: [1] }\nmode: annealing", ":7:")]
    [TestCase(
        "vary:\n  - { field: service.users, range: { from: 1, to: 9999, steps: 9999 } }\n  - { field: fabric.a, range: { from: 1, to: "
            + "9999, steps: 9999 } }",
        ":7: more than 1000000 points"
    )]
    public void A_sweep_that_cannot_be_run_is_refused_with_its_line(string rest, string message)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("t.yaml", Head + rest + "\n");
        Assert.That(() => SweepFile.Read(path), Throws.TypeOf<InputException>().With.Message.Contains(message));
    }

    [Test]
    public void A_field_that_the_fabric_lacks_is_refused_with_its_line()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write(
            "t.yaml",
            Demo + "vary:\n  - { field: fabric.bank.rows, values: [64] }\n  - { field: fabric.bank.rose, values: [64] }\n"
        );
        var spec = SweepFile.Read(path);
        Assert.That(
            () => SweepFile.CheckFields(spec, path, Library),
            Throws.TypeOf<InputException>().With.Message.Contains(":7: cannot vary 'fabric.bank.rose'")
        );
    }

    [Test]
    public void A_range_ends_where_it_says_and_has_equal_steps()
    {
        var linear = new SweepRange
        {
            From = 0.1,
            To = 0.4,
            Steps = 4,
        };
        var log = new SweepRange
        {
            From = 1,
            To = 1000,
            Steps = 4,
            Log = true,
        };
        Assert.Multiple(() =>
        {
            Assert.That(linear.Values(), Is.EqualTo(new[] { "0.1", "0.2", "0.3", "0.4" }));
            Assert.That(log.Values(), Is.EqualTo(new[] { "1", "10", "100", "1000" }));
        });
    }

    [TestCase("fabric.vector.lanes", "from: 1024, to: 20000, steps: 7", "1024,4187,7349,10512,13675,16837,20000")]
    [TestCase("fabric.vector.lanes", "from: 1024, to: 16384, steps: 5, log: true", "1024,2048,4096,8192,16384")]
    [TestCase("service.users", "from: 1, to: 3, steps: 5", "1,2,3")]
    [TestCase("fabric.bank.rows", "from: 1, to: 100, steps: 4, log: true", "1,5,22,100")]
    [TestCase("fabric.clock_ghz", "from: 0.5, to: 1, steps: 3", "0.5,0.75,1")]
    [TestCase("technology.leakage.rom_fraction", "from: 0, to: 1, steps: 3", "0,0.5,1")]
    public void A_range_over_whole_numbers_has_whole_numbers(string field, string range, string expected)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("t.yaml", Demo + $"vary:\n  - {{ field: {field}, range: {{ {range} }} }}\n");
        Assert.That(SweepGrid.Values(SweepFile.Read(path).Vary[0]), Is.EqualTo(expected.Split(',')));
    }

    [Test]
    public void A_range_over_what_is_no_number_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("t.yaml", Demo + "vary:\n  - { field: fabric.bank.style, range: { from: 1, to: 2, steps: 2 } }\n");
        Assert.That(
            () => SweepFile.Read(path),
            Throws
                .TypeOf<InputException>()
                .With.Message.EqualTo($"{path}:6: 'fabric.bank.style' is no number, so it has no range; list its values")
        );
    }

    [Test]
    public void A_changed_base_of_the_fabric_makes_another_sweep()
    {
        using var folder = new TemporaryFolder();
        var child = folder.Write("child.yaml", "base: parent\nname: child\n");
        var demo = File.ReadAllText(Shared.InRepo("chips/fabrics/demo.yaml"));
        var path = folder.Write(
            "t.yaml",
            "name: t\nmodel: llama-3.2-1b\nfabric: child.yaml\nservice: { input_tokens: 8, output_tokens: 4 }\n"
                + "vary:\n  - { field: service.users, values: [1] }\n"
        );
        string Digest(int lanes)
        {
            folder.Write("parent.yaml", System.Text.RegularExpressions.Regex.Replace(demo, @"(?<=\s)lanes: \d+", $"lanes: {lanes}"));
            var spec = SweepFile.Read(path);
            Assert.That(spec.Fabric, Is.EqualTo(child), "a file beside the sweep is found");
            using var evaluate = new EvaluateDesign(new DesignLibrary(Shared.InRepo("chips")), spec, path, 20);
            return SweepDigest.Of(spec, evaluate.Inputs);
        }

        Assert.Multiple(() =>
        {
            Assert.That(Digest(4096), Is.Not.EqualTo(Digest(8192)));
            Assert.That(Digest(4096), Is.EqualTo(Digest(4096)));
        });
    }

    [TestCase("fabric.vector.lanes", "-5", "must lie in 1 …")]
    [TestCase("fabric.clock_ghz", "-1", "must lie in 0.001 … 20 GHz")]
    [TestCase("fabric.clock_ghz", "1000", "must lie in 0.001 … 20 GHz")]
    [TestCase("fabric.numerics.activation_bits", "-8", "must lie in 4 … 16 bit")]
    [TestCase("fabric.card.overhead_watts", "-500", "must lie in 0 …")]
    [TestCase("fabric.kv_sram.latency_cycles", "-4", "must lie in 0 …")]
    [TestCase("fabric.sites.rows", "0", "must lie in 1 …")]
    [TestCase("fabric.sites.rows", "1.5", "is not a whole number")]
    [TestCase("technology.leakage.logic_watts_per_mm2", "-1", "must lie in 0 … 100 W/mm2")]
    [TestCase("technology.leakage.logic_watts_per_mm2", ".nan", "must lie in")]
    [TestCase("technology.leakage.logic_watts_per_mm2", ".inf", "must lie in")]
    [TestCase("technology.leakage.logic_watts_per_mm2", "much", "is not a number")]
    [TestCase("technology.leakage.logic_watts_per_mm2.low", "99", "is outside its interval")]
    public void A_value_that_no_chip_has_is_refused_by_the_line_of_the_sweep(string field, string value, string message)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write(
            "t.yaml",
            Head.Replace("model: m", "model: llama-3.2-1b", StringComparison.Ordinal)
                .Replace("fabric: f", "fabric: hc1", StringComparison.Ordinal) + $"vary:\n  - {{ field: {field}, values: [{value}] }}\n"
        );
        var spec = SweepFile.Read(path);
        using var evaluate = new EvaluateDesign(Library, spec, path, 20);
        var named = field.Replace(".low", "", StringComparison.Ordinal);
        Assert.That(
            () => evaluate.Evaluate(SweepGrid.Point(spec, 0)),
            Throws.TypeOf<InputException>().With.Message.StartsWith($"{path}:6: {named}").And.Message.Contains(message)
        );
    }

    [Test]
    public void A_point_applies_its_values_to_fabric_and_technology()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write(
            "t.yaml",
            Head
                + "vary:\n  - { field: fabric.bank.rows, values: [64, 128] }\n  - { field: technology.energy.rom_read_pj_per_bit, "
                + "values: [0.5] }\n  - { field: service.users, values: [3, 7] }\n"
        );
        var point = SweepGrid.Point(SweepFile.Read(path), 3);
        var constant = Library.Technology("n6", point.TechnologyOverrides).Energy.RomReadPjPerBit;
        Assert.Multiple(() =>
        {
            Assert.That(Library.Fabric("demo", point.FabricOverrides).Bank.Rows, Is.EqualTo(128));
            Assert.That((constant.Low, constant.Value, constant.High), Is.EqualTo((0.5, 0.5, 0.5)));
            Assert.That(
                point.Service,
                Is.EqualTo(
                    new SweepService
                    {
                        InputTokens = 8,
                        OutputTokens = 4,
                        Users = 7,
                    }
                )
            );
        });
    }

    [Test]
    public void Every_number_that_a_fabric_and_its_process_state_is_an_axis()
    {
        var axes = Numbers(Library.Fabric("hc1"), Library.Technology("n6"));
        using var folder = new TemporaryFolder();
        var path = folder.Write(
            "t.yaml",
            Head.Replace("fabric: f", "fabric: hc1", StringComparison.Ordinal)
                + "vary:\n"
                + string.Concat(axes.Select(a => $"  - {{ field: {a.Field}, values: [{a.Value}] }}\n"))
        );
        var sweep = SweepFile.Read(path);
        SweepFile.CheckFields(sweep, path, Library);
        var point = SweepGrid.Point(sweep, 0);
        var replaced = Numbers(Library.Fabric("hc1", point.FabricOverrides), Library.Technology("n6", point.TechnologyOverrides));
        Assert.Multiple(() =>
        {
            Assert.That(axes, Has.Count.GreaterThan(100));
            Assert.That(point.FabricOverrides.Count + point.TechnologyOverrides.Count, Is.EqualTo(axes.Count));
            Assert.That(replaced, Is.EqualTo(axes));
        });
    }

    // Paths and values of the numbers that both files state; what they leave out has no line to be replaced.
    private static List<(string Field, string Value)> Numbers(FabricSpec fabric, TechnologySpec technology) =>
        [
            .. Numbers("fabric", fabric).Where(n => IsStated(() => Library.CheckFabricField("hc1", n.Field["fabric.".Length..]))),
            .. Numbers("technology", technology)
                .Where(n => IsStated(() => Library.CheckTechnologyField("n6", n.Field["technology.".Length..]))),
        ];

    private static bool IsStated(Action check)
    {
        try
        {
            check();
            return true;
        }
        catch (InputException)
        {
            return false;
        }
    }

    private static IEnumerable<(string Field, string Value)> Numbers(string path, object record) =>
        DescriptionField
            .Of(record.GetType())
            .SelectMany(field =>
            {
                var (at, value) = ($"{path}.{field.Name}", field.Property.GetValue(record));
                // A changed chip is no longer the one whose figures were published.
                if (value is null || at == "fabric.published")
                    return [];
                if (DescriptionField.IsRecord(field.Type))
                    return Numbers(at, value);
                return field.IsNumber || field.IsInterval
                    ? [(at, Convert.ToString(value is IInterval interval ? interval.Value : value, CultureInfo.InvariantCulture)!)]
                    : Enumerable.Empty<(string, string)>();
            });

    [Test]
    public void A_value_of_a_point_passes_the_checks_of_the_file()
    {
        var wrong = new Dictionary<string, string> { ["bank.columns"] = "100" };
        var negative = new Dictionary<string, string> { ["energy.rom_read_pj_per_bit"] = "-1" };
        Assert.Multiple(() =>
        {
            Assert.That(() => Library.Fabric("demo", wrong), Throws.TypeOf<InputException>().With.Message.Contains("a multiple of 16"));
            Assert.That(
                () => Library.Technology("n6", negative),
                Throws.TypeOf<InputException>().With.Message.Contains("must lie in 0 … 10000 pJ/bit")
            );
        });
    }

    [Test]
    public void A_replaced_field_changes_that_point_alone_and_nothing_is_read_again()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("fabrics"));
        File.Copy(Shared.InRepo("chips/fabrics/demo.yaml"), folder.File("fabrics/demo.yaml"));
        var library = new DesignLibrary(folder.Path);
        var rows = library.Fabric("demo").Bank.Rows;
        File.WriteAllText(folder.File("fabrics/demo.yaml"), "not: a fabric");
        Assert.Multiple(() =>
        {
            Assert.That(library.Fabric("demo", new Dictionary<string, string> { ["bank.rows"] = "128" }).Bank.Rows, Is.EqualTo(128));
            Assert.That(library.Fabric("demo").Bank.Rows, Is.EqualTo(rows));
        });
    }
}
