using NUnit.Framework;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.ChipModel.Technology;
using TaalasSim.Tests.Support;

namespace TaalasSim.ChipModel.Tests.Silicon;

[Category("Physics")]
public class DescriptionTests
{
    private static IEnumerable<string> Fabrics => Names("chips/fabrics");

    private static IEnumerable<string> Technologies => Names("chips/technology");

    [TestCaseSource(nameof(Fabrics))]
    public void A_fabric_file_binds_and_its_parts_are_consistent(string name)
    {
        var fabric = YamlReader.Read<FabricSpec>(Shared.InRepo($"chips/fabrics/{name}.yaml"));
        Assert.Multiple(() =>
        {
            Assert.That(fabric.Name, Is.EqualTo(name));
            Assert.That(Shared.InRepo($"chips/technology/{fabric.Technology}.yaml"), Does.Exist);
            Assert.That(fabric.Bank.Columns % PanelLayout.Columns, Is.Zero);
            Assert.That(CodeFormats.Named(fabric.DefaultWeights).BitsPerWeight, Is.LessThanOrEqualTo(fabric.Bank.RomBitsPerWeight));
            Assert.That(fabric.KvSram.Banks % fabric.Vector.Clusters, Is.Zero);
            Assert.That(fabric.Vector.Lanes % fabric.Vector.Clusters, Is.Zero);
        });
    }

    [TestCaseSource(nameof(Technologies))]
    public void Every_constant_of_a_technology_lies_in_its_interval_and_names_a_source(string name)
    {
        var technology = YamlReader.Read<TechnologySpec>(Shared.InRepo($"chips/technology/{name}.yaml"));
        Assert.That(technology.Name, Is.EqualTo(name));
        Assert.Multiple(() =>
        {
            foreach (var group in typeof(TechnologySpec).GetProperties().Select(p => p.GetValue(technology)).OfType<object>().Where(g => g is not string))
                foreach (var property in group.GetType().GetProperties().Where(p => p.PropertyType == typeof(Constant)))
                {
                    var constant = (Constant)property.GetValue(group)!;
                    Assert.That(constant.Low, Is.LessThanOrEqualTo(constant.Value), property.Name);
                    Assert.That(constant.High, Is.GreaterThanOrEqualTo(constant.Value), property.Name);
                    Assert.That(constant.Source, Has.Length.GreaterThan(5), property.Name);
                    Assert.That(constant.Confidence, Is.AnyOf("exact", "high", "medium", "low"), property.Name);
                }
        });
    }

    [Test]
    public void The_hc1_fabric_has_a_site_for_every_bank_of_Llama_8B()
    {
        // Banks of 256 x 1024: q 16*4, k and v 16*1, o 16*4, gate and up 16*14, down 56*4; embedding and output 16*126.
        const int expected = (32 * (64 + 16 + 16 + 64 + (2 * 224) + 224)) + (2 * 16 * 126);
        var plan = ShapePlan.Hc1Llama();
        Assert.Multiple(() =>
        {
            Assert.That(plan.SitesUsed, Is.EqualTo(expected));
            Assert.That(plan.Sites, Is.GreaterThanOrEqualTo(expected));
            Assert.That(plan.Ports.Sum(p => p.Weights), Is.EqualTo(7_504_658_432L + (128_256L * 4096)));
        });
    }

    [Test]
    public void The_demo_fabric_holds_sixteen_columns_of_single_precision_weights()
    {
        var fabric = YamlReader.Read<FabricSpec>(Shared.InRepo("chips/fabrics/demo.yaml"));
        Assert.That(16 * 32, Is.LessThanOrEqualTo(fabric.Bank.Columns * fabric.Bank.RomBitsPerWeight));
    }

    [Test]
    public void The_committed_schemas_are_those_of_the_records()
    {
        Check<FabricSpec>("chips/fabrics/fabric.schema.json", "Fabric of a TaalasSim chip");
        Check<TechnologySpec>("chips/technology/technology.schema.json", "Process of a TaalasSim chip");
        Check<PriceBook>("chips/prices/prices.schema.json", "Prices of one date");

        static void Check<T>(string file, string title)
        {
            var path = Shared.InRepo(file);
            var schema = YamlSchema.Of<T>(title);
            if (Environment.GetEnvironmentVariable("TAALAS_WRITE_SCHEMAS") == "1")
                AtomicFile.WriteText(path, schema);
            Assert.That(File.ReadAllText(path), Is.EqualTo(schema), $"{file}: write it anew with TAALAS_WRITE_SCHEMAS=1 ./test");
        }
    }

    [Test]
    public void A_schema_knows_every_key_of_the_committed_files()
    {
        var schema = System.Text.Json.Nodes.JsonNode.Parse(YamlSchema.Of<FabricSpec>("t"))!;
        foreach (var file in Directory.EnumerateFiles(Shared.InRepo("chips/fabrics"), "*.yaml"))
            foreach (var key in File.ReadLines(file).Where(l => l.Length > 0 && char.IsLetter(l[0])).Select(l => l[..l.IndexOf(':')]))
                Assert.That(schema["properties"]![key], Is.Not.Null, $"{file}: {key}");
        Assert.That((bool)schema["additionalProperties"]!, Is.False);
    }

    private static IEnumerable<string> Names(string folder) =>
        Directory.EnumerateFiles(Shared.InRepo(folder), "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal);
}
