using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.TimesFm;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.TimesFm;

/// <summary>Checkpoints are read strictly: all tensors of the sizes, with their shapes, and no others.</summary>
[TestFixture, Category("Compiler")]
public sealed class TimesFmCheckpointTests
{
    [Test]
    public void The_published_sizes_have_232_tensors_of_231_289_280_parameters()
    {
        var sizes = new TimesFmSizes
        {
            Patch = 32,
            OutputPatch = 128,
            QuantileHorizon = 1024,
            Width = 1280,
            FeedForward = 1280,
            Layers = 20,
            HeadSize = 80,
        };
        // Tokenizer with biases, layers, two heads without.
        const long Tokenizer = (2 * 1280 * 64) + (1280 * 1280) + (3 * 1280);
        const long Layer = (6 * 1280 * 1280) + (4 * 1280) + (3 * 80);
        const long Heads = (3 * 1280 * 1280) + (1280 * 1280) + (2 * 10240 * 1280);
        Assert.Multiple(() =>
        {
            Assert.That(TimesFmTensors.Of(sizes), Has.Count.EqualTo(6 + (20 * 11) + 3 + 3));
            Assert.That(sizes.Parameters, Is.EqualTo(Tokenizer + (20 * Layer) + Heads).And.EqualTo(231_289_280));
            Assert.That(sizes.Heads, Is.EqualTo(16));
            Assert.That(sizes.PatchesPerStep, Is.EqualTo(4));
        });
    }

    [Test]
    public void Sizes_are_read_from_the_tensors()
    {
        using var checkpoint = TimesFmCheckpoint.Open(TinyTimesFm.Folder);
        Assert.Multiple(() =>
        {
            Assert.That(
                checkpoint.Sizes,
                Is.EqualTo(
                    new TimesFmSizes
                    {
                        Patch = 8,
                        OutputPatch = 16,
                        QuantileHorizon = 32,
                        Width = 32,
                        FeedForward = 48,
                        Layers = 2,
                        HeadSize = 8,
                        ContextLimit = TinyTimesFm.ContextLimit,
                    }
                )
            );
            Assert.That(checkpoint.Sizes.Parameters, Is.EqualTo(49_552));
            Assert.That(checkpoint.Tensors.Select(t => t.Name), Is.EquivalentTo(TinyTimesFm.Tensors.Keys));
            Assert.That(TimesFmCheckpoint.Is(TinyTimesFm.Folder), Is.True);
            Assert.That(TimesFmCheckpoint.Is(TestContext.CurrentContext.TestDirectory), Is.False);
        });
    }

    [TestCase("stacked_xf.1.attn.key_ln.scale", null, "is missing")]
    [TestCase("output_projection_point.residual_layer.weight", new[] { 160, 31 }, "expected [160, 32], found [160, 31]")]
    [TestCase("stacked_xf.0.attn.key_ln.bias", new[] { 8 }, "is not part of a TimesFM 2.5 model of 2 layers")]
    [TestCase("stacked_xf.2.pre_ff_ln.scale", new[] { 32 }, "is not part of a TimesFM 2.5 model of 2 layers")]
    [TestCase("tokenizer.hidden_layer.weight", null, "this is no TimesFM 2.5 model")]
    [TestCase("output_projection_point.output_layer.weight", new[] { 120, 32 }, "no multiple of the input patch")]
    public void Other_tensors_are_refused_by_name(string name, int[]? shape, string what)
    {
        var folder = TinyTimesFm.Write(TemporaryFolder.New(), tensors =>
        {
            if (shape is null)
                tensors.Remove(name);
            else
                tensors[name] = shape;
        });
        var fault = Assert.Throws<InputException>(() => TimesFmCheckpoint.Open(folder).Dispose())!;
        Assert.That(fault.Message, Does.StartWith(folder).And.Contain(what).And.Not.Contain("\n"));
    }

    [TestCase("""{"ff":32}""", "key 'ff': expected 48")]
    [TestCase("""{"q":"ten"}""", "key 'q': expected 10")]
    [TestCase("""{"context_limit":0}""", "key 'context_limit'")]
    [TestCase("[]", "expected a JSON object")]
    public void A_configuration_that_disagrees_is_refused(string config, string what)
    {
        var folder = TinyTimesFm.Write(TemporaryFolder.New(), config: config);
        Assert.That(Assert.Throws<InputException>(() => TimesFmCheckpoint.Open(folder).Dispose())!.Message, Does.Contain(what));
    }
}
