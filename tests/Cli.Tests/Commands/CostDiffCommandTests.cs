using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Cli.Options;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

[TestFixture]
[Category("Smoke")]
[NonParallelizable]
public sealed class CostDiffCommandTests
{
    private static readonly Lazy<string> OtherWeights = new(() => Compile("rom4-fine", Fine(), "demo"));

    private static readonly Lazy<string> OtherFormat = new(() => Compile("q8", Shared.InRepo("chips/demo/stories.gguf"), "demo", "rom3"));

    [Test]
    public void Cost_has_every_figure_with_an_interval_and_a_verdict_on_the_common_claim()
    {
        var json = Json("cost", "llama-3.1-8b", "--json");
        Assert.Multiple(() =>
        {
            foreach (var figure in json.GetProperty("figures").EnumerateArray())
                Assert.That(
                    figure.GetProperty("figure").GetProperty("low").GetDouble(),
                    Is.LessThanOrEqualTo(figure.GetProperty("figure").GetProperty("high").GetDouble())
                );
            Assert.That(json.GetProperty("alternatives").GetArrayLength(), Is.EqualTo(8));
            Assert.That(json.GetProperty("verdict")[0].GetString(), Does.StartWith("At 10 million tokens a month"));
        });
    }

    [TestCase("cost", "usd_per_million_tokens", "prices.service.life_years")]
    [TestCase("compare", "watts", "technology.energy.flip_flop_pj")]
    public void Explain_gives_formula_inputs_and_sources(string command, string field, string constant)
    {
        var json = Json(command, "llama-3.1-8b", "--explain", field, "--json");
        Assert.Multiple(() =>
        {
            Assert.That(json.GetProperty("formula").GetString(), Is.Not.Empty);
            Assert.That(
                json.GetProperty("constants").EnumerateArray().Select(c => c.GetProperty("path").GetString()),
                Does.Contain(constant)
            );
            Assert.That(
                json.GetProperty("constants").EnumerateArray().Select(c => c.GetProperty("source").GetString()),
                Has.All.Length.GreaterThan(3)
            );
        });
    }

    [Test]
    public void An_unknown_field_is_refused_with_the_known_ones()
    {
        var (code, _, error) = Invocation.Run("cost", "llama-3.1-8b", "--explain", "beauty");
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(ExitCode.BadInput));
            Assert.That(error, Does.Contain("unknown figure 'beauty'").And.Contain("watts"));
        });
    }

    [Test]
    public void An_image_differs_in_nothing_from_itself()
    {
        var json = Json("diff", Invocation.DemoChip, Invocation.DemoChip, "--json");
        Assert.Multiple(() =>
        {
            Assert.That(json.GetProperty("changed_bits").GetInt64(), Is.Zero);
            Assert.That(json.GetProperty("layers_to_make").GetArrayLength(), Is.Zero);
            Assert.That(json.GetProperty("masks_usd").GetProperty("value").GetDouble(), Is.Zero);
            Assert.That(json.GetProperty("weeks").GetProperty("value").GetDouble(), Is.Zero);
        });
    }

    [Test]
    public void A_new_checkpoint_needs_the_weights_mask_alone()
    {
        var json = Json("diff", Invocation.DemoChip, OtherWeights.Value, "--json");
        Assert.Multiple(() =>
        {
            Assert.That(json.GetProperty("changed_bits").GetInt64(), Is.Positive);
            Assert.That(json.GetProperty("layers_to_make").EnumerateArray().Select(l => l.GetString()), Is.EqualTo((string[])["weights"]));
            Assert.That(json.GetProperty("differences").EnumerateArray().Select(d => d.GetString()), Is.Empty);
        });
    }

    [Test]
    public void Another_fabric_is_named_and_needs_every_layer()
    {
        var other = Compile("two-dies", Shared.InRepo("chips/demo/stories.gguf"), "demo", "rom4", "--chips", "2");
        var json = Json("diff", Invocation.DemoChip, other, "--json");
        Assert.Multiple(() =>
        {
            Assert.That(json.GetProperty("differences")[0].GetString(), Is.EqualTo("fabric.dies: 1 against 2"));
            Assert.That(json.GetProperty("layers_to_make")[0].GetString(), Does.StartWith("every layer"));
        });
    }

    [Test]
    public void Fields_of_another_fabric_are_given_by_their_path()
    {
        var other = Compile("edge", Shared.InRepo("chips/demo/stories.gguf"), "edge");
        var json = Json("diff", Invocation.DemoChip, other, "--json");
        Assert.That(
            json.GetProperty("differences").EnumerateArray().Select(d => d.GetString()),
            Is.SupersetOf(
                (string[])
                    ["fabric.bank.rows: 256 against 512", "fabric.clock_ghz: 1 against 0.5", "fabric.kv_sram.capacity_mb: 4 against 16"]
            )
        );
    }

    [Test]
    public void Another_clock_is_said_and_changes_no_mask()
    {
        var folder = TemporaryFolder.New();
        File.Copy(Shared.InRepo("chips/fabrics/demo.yaml"), Path.Combine(folder, "demo.yaml"));
        File.WriteAllText(
            Path.Combine(folder, "fast.yaml"),
            "base: demo\nclock_ghz: { value: 1.1, low: 1.1, high: 1.1, unit: GHz, confidence: low, source: test }\n"
        );
        var json = Json(
            "diff",
            Invocation.DemoChip,
            Compile("fast", Shared.InRepo("chips/demo/stories.gguf"), Path.Combine(folder, "fast.yaml")),
            "--json"
        );
        Assert.Multiple(() =>
        {
            Assert.That(json.GetProperty("differences")[0].GetString(), Is.EqualTo("fabric.clock_ghz: 1 against 1.1"));
            Assert.That(json.GetProperty("layers_to_make").GetArrayLength(), Is.Zero);
        });
    }

    [Test]
    public void Another_format_is_said_per_tensor()
    {
        var (code, output, _) = Invocation.Run("diff", Invocation.DemoChip, OtherFormat.Value);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(output, Does.Contain("rom4 against").And.Contain("rom3").And.Contain("New layers"));
        });
    }

    private static JsonElement Json(params string[] arguments)
    {
        var (code, output, error) = Invocation.Run(arguments);
        Assert.That(code, Is.Zero, error);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    private static string Compile(string name, string model, string fabric, string weights = "rom4", params string[] more)
    {
        var folder = Path.Combine(TemporaryFolder.OfProcess, name + ".chip");
        var (code, _, error) = Invocation.Run(["compile", model, "-o", folder, "--fabric", fabric, "--weights", weights, .. more]);
        Assert.That(code, Is.Zero, error);
        return folder;
    }

    // A "fine-tuned" checkpoint: the last bytes of the file, in the tensor data, with their low bits turned.
    private static string Fine()
    {
        var path = Path.Combine(TemporaryFolder.OfProcess, "fine.gguf");
        var bytes = File.ReadAllBytes(Shared.InRepo("chips/demo/stories.gguf"));
        for (var i = bytes.Length - 4000; i < bytes.Length; i += 34)
            bytes[i] ^= 0x10;
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
