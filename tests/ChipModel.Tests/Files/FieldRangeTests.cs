using System.Globalization;
using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Gpu;
using TaalasSim.ChipModel.Technology;
using TaalasSim.Support;

namespace TaalasSim.ChipModel.Tests.Files;

/// <summary>Every numeric field of every description has a range and a unit. Values at, inside and outside of both ends are taken or
/// refused alike, whether they are in the file, in its base or replace what the file says.</summary>
[Category("Physics")]
public class FieldRangeTests
{
    private static readonly Type[] Roots =
    [
        typeof(FabricSpec),
        typeof(TechnologySpec),
        typeof(PriceBook),
        typeof(ModelShape),
        typeof(GpuCard),
        typeof(GpuEngine),
        typeof(GpuCalibration),
        typeof(GpuWorkloadFile),
        typeof(HostLinkSpec),
        typeof(CoolingSpec),
        typeof(MaskRules),
        typeof(ChipDescription),
    ];

    [Test]
    public void Every_number_of_a_description_has_a_range_a_unit_and_a_meaning()
    {
        var seen = new HashSet<Type>();
        var fields = 0;
        Assert.Multiple(() =>
        {
            foreach (var root in Roots)
                Visit(root);
        });
        Assert.That(fields, Is.GreaterThan(250));

        void Visit(Type type)
        {
            if (!seen.Add(type))
                return;
            foreach (var field in DescriptionField.Of(type))
            {
                var value = field.ItemType ?? field.Type;
                if (DescriptionField.IsNumeric(value) || typeof(IInterval).IsAssignableFrom(value))
                {
                    fields++;
                    var name = $"{type.Name}.{field.Property.Name}";
                    Assert.That(field.Range, Is.Not.Null, name);
                    Assert.That(field.Range!.Low, Is.LessThan(field.Range.High), name);
                    Assert.That(field.Range.Unit, Is.Not.Empty, name);
                    Assert.That(YamlSchema.Description(field), Is.Not.Empty, $"{name} has no comment");
                }
                else if (DescriptionField.IsRecord(value))
                {
                    Visit(value);
                }
            }
        }
    }

    [Test]
    public void Fabrics_take_no_value_out_of_range()
    {
        var hbm = FabricFile.Read(Shared.InRepo("chips/fabrics/hc1-hbm.yaml"));
        var adders = FabricFile.Read(Shared.InRepo("chips/fabrics/adder-network.yaml"));
        Check(FabricFile.Read(Shared.InRepo("chips/fabrics/hc1.yaml")) with { Hbm = hbm.Hbm });
        Check(adders);
        Check(FabricFile.Read(Shared.InRepo("chips/fabrics/tom.yaml")));
    }

    [Test]
    public void Processes_take_no_value_out_of_range() => Check(TechnologyFile.Read(Shared.InRepo("chips/technology/n6.yaml")));

    [Test]
    public void Prices_take_no_value_out_of_range() =>
        Check(YamlReader.Read<PriceBook>(Shared.InRepo("chips/prices/2026-11.yaml")) with { Alternatives = [] });

    [Test]
    public void Shapes_take_no_value_out_of_range()
    {
        Check(YamlReader.Read<ModelShape>(Shared.InRepo("chips/models/llama-3.1-8b.yaml")));
        Check(YamlReader.Read<ModelShape>(Shared.InRepo("chips/models/deepseek-v2-lite.yaml")));
        Check(YamlReader.Read<ModelShape>(Shared.InRepo("chips/models/qwen3.5-9b.yaml")));
        Check(YamlReader.Read<ModelShape>(Shared.InRepo("chips/models/nemotron-h-8b.yaml")));
    }

    [Test]
    public void Gpus_take_no_value_out_of_range()
    {
        Check(YamlReader.Read<GpuCard>(Shared.InRepo("chips/gpus/b200.yaml")));
        Check(YamlReader.Read<GpuEngine>(Shared.InRepo("chips/gpus/engines/vllm.yaml")));
    }

    [Test]
    public void Links_and_mask_rules_take_no_value_out_of_range()
    {
        Check(YamlReader.Read<HostLinkSpec>(Shared.InRepo("chips/links/pcie.yaml")));
        Check(YamlReader.Read<CoolingSpec>(Shared.InRepo("chips/cooling/air.yaml")));
        Check(YamlReader.Read<MaskRules>(Shared.InRepo("chips/masks/n6.yaml")));
    }

    [TestCase(
        "clock_ghz",
        "{ value: 2, low: 3, high: 4, unit: GHz, source: x, confidence: low }",
        "clock_ghz 2 is outside its interval 3 … 4"
    )]
    [TestCase(
        "clock_ghz",
        "{ value: 5, low: 3, high: 4, unit: GHz, source: x, confidence: low }",
        "clock_ghz 5 is outside its interval 3 … 4"
    )]
    [TestCase(
        "clock_ghz",
        "{ value: 1, low: 1, high: 1, unit: MHz, source: x, confidence: low }",
        "clock_ghz: the unit is 'MHz'; give the figures in GHz"
    )]
    [TestCase("clock_ghz", "{ value: 1, low: 1, high: 1, unit: GHz, source: '', confidence: low }", "clock_ghz: no source")]
    [TestCase("clock_ghz", "{ value: '0,8', low: 1, high: 1, unit: GHz, source: x, confidence: low }", "'0,8' is not a number")]
    [TestCase("clock_ghz", "{ value: {}, low: 1, high: 1, unit: GHz, source: x, confidence: low }", "a mapping is not a number")]
    [TestCase("dies", "{}", "a mapping is not a number")]
    [TestCase("dies", "[1]", "a list or a mapping")]
    [TestCase("dies", "1.5", "'1.5' is not a whole number")]
    [TestCase("dies", "99999999999", "'99999999999' is not a whole number")]
    [TestCase("technology", "/dev/zero", "must be the name of a process")]
    [TestCase("technology", "../n6", "must be the name of a process")]
    public void A_wrong_field_is_told_with_file_and_line(string field, string value, string message)
    {
        using var folder = new TemporaryFolder();
        folder.Write("base.yaml", YamlText.Write(FabricFile.Read(Shared.InRepo("chips/fabrics/hc1.yaml")) with { Published = null }));
        var child = folder.Write("child.yaml", $"base: base\nname: child\n{field}: {value}\n");
        var grand = folder.Write("grand.yaml", "base: child\nname: grand\n");
        Assert.Multiple(() =>
        {
            foreach (var file in new[] { child, grand })
                Assert.That(
                    Assert.Throws<InputException>(() => FabricFile.Read(file))!.Message,
                    Does.StartWith($"{child}:3: ").And.Contains(message).And.Not.Contains("\n")
                );
        });
    }

    [TestCase("layers", "0")]
    [TestCase("layers", "-32")]
    [TestCase("vocabulary_size", "0")]
    [TestCase("kv_heads", "3")]
    [TestCase("experts_used", "9")]
    [TestCase("feed_forward_length", "0")]
    public void A_shape_that_no_model_has_is_refused(string field, string value)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("m.yaml", $"base: llama-3.1-8b\nname: m\naliases: []\n{field}: {value}\n");
        Assert.That(
            Assert.Throws<InputException>(() => YamlReader.Read<ModelShape>(path, library: Shared.InRepo("chips/models")))!.Message,
            Does.Contain(field)
        );
    }

    // Values at both ends, inside, and outside of both, and what is no number; three ways in.
    private static void Check<T>(T sound)
        where T : class
    {
        using var folder = new TemporaryFolder();
        var text = YamlText.Write(sound);
        folder.Write("full.yaml", text);
        var full = ParsedYaml.Parse(text, "full.yaml");
        var count = 0;
        Assert.Multiple(() =>
        {
            foreach (var (path, field) in Numbers(sound, ""))
            {
                count++;
                var range = field.Range!;
                foreach (var value in new[] { range.Low, range.High, Inside(range, field.IsWhole) })
                    Assert.That(
                        Replaced<T>(full, path, Text(value)),
                        Does.Not.Contain($"{path} {value:0.######} must lie in {range.Text}"),
                        $"{path} {value}"
                    );
                string[] outside =
                [
                    Text(range.Low - Step(range.Low, field.IsWhole)),
                    Text(range.High + Step(range.High, field.IsWhole)),
                    ".nan",
                    ".inf",
                    "-.inf",
                    "many",
                    "0x10",
                    "1,5",
                ];
                foreach (var value in outside)
                    Assert.That(Replaced<T>(full, path, value), Does.Contain(path), $"{path} = {value} was taken");
                if (field.IsInterval)
                    AssertNotInverted<T>(folder, full, path, field);
                // In a file, and in a base of it: the same answer, with the place of the file that says so.
                var child = folder.Write("child.yaml", "base: full\n" + Nested(path, field, outside[1]));
                var grand = folder.Write("grand.yaml", "base: child\n");
                // Published figures are not inherited: what a base says of them is not read.
                foreach (var file in path.StartsWith("published.", StringComparison.Ordinal) ? [child] : new[] { child, grand })
                    Assert.That(() => YamlReader.Read<T>(file), Throws.TypeOf<InputException>().With.Message.StartWith(child + ":"), path);
            }
        });
        Assert.That(count, Is.GreaterThan(2));
    }

    // A list that a file has or may have: one number out of range among sound ones.
    [Test]
    public void Lists_of_numbers_take_none_out_of_range()
    {
        using var folder = new TemporaryFolder();
        var lists = 0;
        Assert.Multiple(() =>
        {
            foreach (var file in Directory.GetFiles(Shared.InRepo("chips/models"), "*.yaml"))
            {
                var shape = YamlReader.Read<ModelShape>(file);
                folder.Write("full.yaml", YamlText.Write(shape));
                foreach (var field in DescriptionField.Of(typeof(ModelShape)).Where(f => f.ItemType == typeof(int)))
                {
                    if (field.Property.GetValue(shape) is not IReadOnlyList<int> { Count: > 0 } sound)
                        continue;
                    lists++;
                    foreach (var odd in new[] { (int)field.Range!.Low - 1, (int)Math.Min(field.Range.High, int.MaxValue - 1) + 1 })
                    {
                        var child = folder.Write("child.yaml", $"base: full\n{field.Name}: [{string.Join(", ", sound.Append(odd))}]\n");
                        Assert.That(
                            () => YamlReader.Read<ModelShape>(child),
                            Throws.TypeOf<InputException>().With.Message.Contains($"{field.Name}[{sound.Count}] {odd} must lie in"),
                            file
                        );
                    }
                }
            }
        });
        Assert.That(lists, Is.GreaterThan(1));
    }

    // Low above value, value above high, and both ends the wrong way round: in a file, in a base of it, and where an end replaces the
    // file's.
    private static void AssertNotInverted<T>(TemporaryFolder folder, ParsedYaml full, string path, DescriptionField field)
        where T : class
    {
        var (value, high) = (Inside(field.Range!, whole: false), field.Range!.High);
        var rest = field.Type == typeof(Constant) ? $", unit: {field.Range.Unit}, source: x, confidence: low" : "";
        Assert.That(Replaced<T>(full, path + ".low", Text(high)), Does.Contain(path), $"{path}.low = {high} was taken");
        // Published figures are not inherited, so a file has all of them or none.
        if (path.StartsWith("published.", StringComparison.Ordinal))
            return;
        foreach (var (low, middle, top) in new[] { (high, value, high), (value, high, value), (high, value, value) })
        {
            var text = Under(path, $"{{ value: {Text(middle)}, low: {Text(low)}, high: {Text(top)}{rest} }}");
            var child = folder.Write("child.yaml", "base: full\n" + text);
            var file = low > top ? folder.Write("grand.yaml", "base: child\n") : child;
            Assert.That(
                () => YamlReader.Read<T>(file),
                Throws.TypeOf<InputException>().With.Message.Contains("outside its interval"),
                $"{path}: {middle} in {low} … {top}"
            );
        }
    }

    // What is said of a value that replaces the file's; nothing when it is taken.
    private static string Replaced<T>(ParsedYaml file, string path, string value)
        where T : class
    {
        try
        {
            file.Bind<T>(new Dictionary<string, string>(StringComparer.Ordinal) { [path] = value });
            return "";
        }
        catch (InputException e)
        {
            return e.Message;
        }
    }

    private static IEnumerable<(string Path, DescriptionField Field)> Numbers(object node, string prefix)
    {
        foreach (var field in DescriptionField.Of(node.GetType()))
        {
            if (field.Property.GetValue(node) is not { } value)
                continue;
            if (field.IsNumber || field.IsInterval)
                yield return (prefix + field.Name, field);
            else if (DescriptionField.IsRecord(value.GetType()))
                foreach (var inner in Numbers(value, prefix + field.Name + "."))
                    yield return inner;
        }
    }

    private static double Inside(FieldRangeAttribute range, bool whole)
    {
        var middle = range.Low + ((range.High - range.Low) / 2);
        return whole ? Math.Floor(middle) : middle;
    }

    private static double Step(double end, bool whole) => whole ? 1 : Math.Max(1e-9, Math.Abs(end) * 1e-3);

    private static string Text(double value) =>
        value.ToString(Math.Abs(value) < 1e15 ? "0.############" : "R", CultureInfo.InvariantCulture);

    private static string Nested(string path, DescriptionField field, string value) =>
        Under(path, field.IsInterval ? $"{{ value: {value}, low: {value}, high: {value} }}" : value);

    private static string Under(string path, string value)
    {
        var text = new System.Text.StringBuilder();
        var parts = path.Split('.');
        for (var i = 0; i < parts.Length; i++)
            text.Append(' ', i).Append(parts[i]).Append(i < parts.Length - 1 ? ":\n" : ": ");
        return text.Append(value).Append('\n').ToString();
    }
}
