using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.Gpu;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Tests.Chip;
using TaalasSim.Support;

namespace TaalasSim.ChipModel.Tests.Fabric;

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

    [Test]
    public void Weights_that_are_never_read_serve_one_position()
    {
        var fabric = ShapePlan.Fabric("adder-network");
        Assert.That(
            (fabric with { Bank = fabric.Bank with { PositionsPerRead = 2 } }).Faults().Select(f => f.Text),
            Has.Some.Contains("bank.positions_per_read 2 must be 1")
        );
    }

    [TestCaseSource(nameof(Technologies))]
    public void Every_constant_of_a_technology_lies_in_its_interval_and_names_a_source(string name)
    {
        var technology = YamlReader.Read<TechnologySpec>(Shared.InRepo($"chips/technology/{name}.yaml"));
        Assert.That(technology.Name, Is.EqualTo(name));
        Assert.Multiple(() =>
        {
            foreach (var (path, constant) in ConstantCatalog.List(technology, name))
            {
                Assert.That(constant.Source, Has.Length.GreaterThan(5), path);
                Assert.That(constant.Confidence, Is.AnyOf("exact", "high", "medium", "low"), path);
            }
        });
    }

    [Test]
    public void All_faults_of_a_fabric_are_told_at_once()
    {
        var path = Shared.InRepo("chips/fabrics/demo.yaml");
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["bank.columns"] = "100",
            ["vector.lanes"] = "0",
            ["numerics.kv_bits"] = "7",
            ["clock_ghz"] = "-1",
        };
        Assert.That(
            () => FabricFile.Read(path, wrong),
            Throws
                .TypeOf<InputException>()
                .With.Message.Contains("bank.columns 100")
                .And.Message.Contains("vector.lanes 0")
                .And.Message.Contains("kv_bits 7")
                .And.Message.Contains("clock_ghz -1")
                .And.Message.Not.Contains("\n")
        );
    }

    [TestCase("wafer.defects_per_cm2", "-0.1", "wafer.defects_per_cm2 -0.1 must lie in 0 … 100 1/cm2")]
    [TestCase("energy.sram_pj_per_bit", ".nan", "energy.sram_pj_per_bit NaN must lie in")]
    [TestCase("energy.sram_pj_per_bit.low", "9", "outside its interval")]
    public void A_constant_that_is_no_figure_is_refused(string field, string value, string message)
    {
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal) { [field] = value };
        Assert.That(
            () => TechnologyFile.Read(Shared.InRepo("chips/technology/n6.yaml"), wrong),
            Throws.TypeOf<InputException>().With.Message.Contains(message)
        );
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
            Assert.That(plan.Matrices.Sum(p => p.Weights), Is.EqualTo(7_504_658_432L + (128_256L * 4096)));
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
        Check<ModelShape>("chips/models/model.schema.json", "Shape of a language model");
        Check<GpuCard>("chips/gpus/gpu.schema.json", "Reference GPU");
        Check<GpuEngine>("chips/gpus/engines/engine.schema.json", "Inference engine of a reference GPU");
        Check<HostLinkSpec>("chips/links/link.schema.json", "Link between host and card");
        Check<CoolingSpec>("chips/cooling/cooling.schema.json", "Cooling of a card");
        Check<MaskRules>("chips/masks/masks.schema.json", "Geometry rules of the customised layers");
        Check<ChipDescription>("docs/formats/chip.schema.json", "Description of a chip image, chip.yaml", hasBase: false);

        static void Check<T>(string file, string title, bool hasBase = true)
        {
            var path = Shared.InRepo(file);
            var schema = YamlSchema.Of<T>(title, hasBase);
            if (Environment.GetEnvironmentVariable("TAALAS_WRITE_SCHEMAS") == "1")
                AtomicFile.WriteText(path, schema);
            Assert.That(File.ReadAllText(path), Is.EqualTo(schema), $"{file}: write it again with TAALAS_WRITE_SCHEMAS=1 ./test");
        }
    }

    [Test]
    public void A_schema_knows_every_key_of_the_committed_files()
    {
        var schema = System.Text.Json.Nodes.JsonNode.Parse(YamlSchema.Of<FabricSpec>("t"))!;
        var rows = schema["properties"]!["bank"]!["properties"]!["rows"]!;
        Assert.That((double)rows["minimum"]!, Is.EqualTo(1));
        Assert.That((string)rows["description"]!, Is.EqualTo("Inputs per bank. 1 … 1048576 rows."));
        Assert.That(schema["properties"]!["packages"], Is.Null, "a figure that follows from others is no key");
        foreach (var file in Directory.EnumerateFiles(Shared.InRepo("chips/fabrics"), "*.yaml"))
        foreach (var key in File.ReadLines(file).Where(l => l.Length > 0 && char.IsLetter(l[0])).Select(l => l[..l.IndexOf(':')]))
            Assert.That(schema["properties"]![key], Is.Not.Null, $"{file}: {key}");
        Assert.That((bool)schema["additionalProperties"]!, Is.False);
    }

    private static IEnumerable<string> Names(string folder) =>
        Directory
            .EnumerateFiles(Shared.InRepo(folder), "*.yaml")
            .Select(f => Path.GetFileNameWithoutExtension(f)!)
            .Order(StringComparer.Ordinal);
}
