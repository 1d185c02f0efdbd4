using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Gpu;
using TaalasSim.Support;

namespace TaalasSim.ChipModel.Tests.Chip;

[Category("Compiler")]
public class ModelShapeTests
{
    // Parameters as published on the models' pages (Gemma 3: the text model); the shape's count lacks norm vectors, biases and attention
    // sinks.
    [TestCase("llama-3.1-8b", 8_030_261_248)]
    [TestCase("llama-3.1-70b", 70_553_706_496)]
    [TestCase("llama-3.1-405b", 405_853_388_800)]
    [TestCase("llama-3.2-1b", 1_235_814_400)]
    [TestCase("llama-3.2-3b", 3_212_749_824)]
    [TestCase("qwen3-0.6b", 596_049_920)]
    [TestCase("qwen3-1.7b", 1_720_574_976)]
    [TestCase("qwen3-4b", 4_022_468_096)]
    [TestCase("qwen3-8b", 8_190_735_360)]
    [TestCase("qwen3-14b", 14_768_307_200)]
    [TestCase("qwen3-32b", 32_762_123_264)]
    [TestCase("qwen3-30b-a3b", 30_532_122_624)]
    [TestCase("gemma-3-1b", 999_885_952)]
    [TestCase("gemma-3-4b", 3_880_263_168)]
    [TestCase("gemma-3-12b", 11_766_034_176)]
    [TestCase("gemma-3-27b", 27_009_346_304)]
    [TestCase("phi-3-mini", 3_821_079_552)]
    [TestCase("phi-3-medium", 13_960_238_080)]
    [TestCase("gpt-oss-20b", 20_914_757_184)]
    [TestCase("gpt-oss-120b", 116_829_156_672)]
    [TestCase("deepseek-r1", 671_026_419_200)]
    [TestCase("dream-7b", 7_615_616_512)]
    [TestCase("llada-8b", 8_015_581_184)]
    [TestCase("qwen3-next-80b-a3b", 79_674_391_296)]
    [TestCase("nemotron-3-nano-30b-a3b", 31_577_940_288)]
    [TestCase("timesfm-2.5", 231_289_280)]
    public void A_shape_has_the_parameters_that_are_published(string model, long published)
    {
        var shape = YamlReader.Read<ModelShape>(Shared.InRepo($"chips/models/{model}.yaml"));
        var counted = new ModelTraffic(shape).Resident;
        Assert.That(counted, Is.EqualTo((double)published).Within(0.06).Percent);
        // What is left out: two norms a layer (one where each is one branch) and a last one at least.
        Assert.That(
            published - counted,
            Is.GreaterThanOrEqualTo((((shape.FeedForwardLayers.Count > 0 ? 1.0 : 2) * shape.Layers) + 1) * shape.EmbeddingLength)
        );
    }

    // Billions of parameters, and of those in use for a token without the embedding, in the names of the models.
    [TestCase("glm-4.5", 355, 32)]
    [TestCase("glm-4.5-air", 106, 12)]
    [TestCase("minimax-m2", 230, 10)]
    [TestCase("ernie-4.5-21b-a3b", 21.8, 3)]
    [TestCase("hunyuan-a13b", 80, 13)]
    [TestCase("llama-4-maverick", 400, 17)]
    [TestCase("deepseek-r1", 671, 37)]
    [TestCase("kimi-k2", 1026, 32)]
    [TestCase("lfm2-1.2b", 1.17, 1.17)]
    [TestCase("lfm2-8b-a1b", 8.34, 1.5)]
    [TestCase("glm-4.7-flash", 30, 3.6)]
    [TestCase("qwen3.5-35b-a3b", 34.66, 3)]
    [TestCase("granite-4.0-h-small", 32.2, 9)]
    [TestCase("falcon-h1-7b", 7.58, 7.18)]
    [TestCase("nemotron-h-8b", 8.1, 7.56)]
    [TestCase("nemotron-3-nano-30b-a3b", 31.58, 3.2)]
    [TestCase("gemma-4-31b", 30.7, 30.7)]
    [TestCase("gemma-4-26b-a4b", 25.2, 3.8)]
    [TestCase("qwen3.5-27b", 26.9, 25.6)]
    [TestCase("qwen3.5-9b", 8.95, 7.94)]
    public void A_mixture_has_the_parameters_of_its_name(string model, double billions, double active)
    {
        var traffic = new ModelTraffic(YamlReader.Read<ModelShape>(Shared.InRepo($"chips/models/{model}.yaml")));
        Assert.Multiple(() =>
        {
            Assert.That(traffic.Resident / 1e9, Is.EqualTo(billions).Within(1).Percent);
            Assert.That((traffic.ActiveInLayers + traffic.Output) / 1e9, Is.EqualTo(active).Within(12).Percent);
        });
    }

    // Billions of parameters that a token uses ("effective"), and of all with towers for pictures and sound, of together 0.15 and 0.3.
    [TestCase("gemma-4-e2b", 2.3, 5.1)]
    [TestCase("gemma-4-e4b", 4.5, 8)]
    public void An_embedding_of_layers_is_no_part_of_what_a_token_uses(string model, double effective, double all)
    {
        var shape = YamlReader.Read<ModelShape>(Shared.InRepo($"chips/models/{model}.yaml"));
        var traffic = new ModelTraffic(shape);
        Assert.Multiple(() =>
        {
            Assert.That((traffic.Resident - shape.LayerEmbeddingWeights) / 1e9, Is.EqualTo(effective).Within(4).Percent);
            Assert.That(traffic.ActiveInLayers + traffic.Output, Is.EqualTo(traffic.Resident - shape.LayerEmbeddingWeights));
            Assert.That((traffic.Resident / 1e9) + 0.45, Is.EqualTo(all).Within(1.5).Percent);
        });
    }

    // Billions of parameters of the published GGUF files, which have keys and values of 2 heads of 256 in every layer.
    [TestCase("gemma-3n-e2b", 4.46)]
    [TestCase("gemma-3n-e4b", 6.87)]
    public void Copies_of_the_residual_stream_and_low_rank_layers_are_counted(string model, double billions)
    {
        var shape = YamlReader.Read<ModelShape>(Shared.InRepo($"chips/models/{model}.yaml"));
        var traffic = new ModelTraffic(shape);
        var unused = (double)shape.SharedKvLayers * 2048 * 2 * 2 * 256;
        Assert.Multiple(() =>
        {
            Assert.That((traffic.Resident + unused) / 1e9, Is.EqualTo(billions).Within(0.1).Percent);
            Assert.That(shape.StreamWeights, Is.EqualTo((6L * 2048 * 2048) + (shape.Layers * 2048L * (4 + 128))));
            Assert.That(
                traffic.Matrices(1, WeightFormat.Find("bf16")).Sum(m => m.Columns * m.Depth * m.Count),
                Is.EqualTo(traffic.ActiveInLayers + traffic.Output)
            );
        });
    }

    [TestCase(4, 0, 8)]
    [TestCase(4, 8, 0)]
    [TestCase(1, 8, 8)]
    public void Copies_of_the_residual_stream_come_with_low_rank_layers_and_embeddings(int streams, int rank, int embedding) =>
        Assert.That(
            (ShapePlan.Llama8B with { PostNorms = true, ResidualStreams = streams, LowRank = rank, LayerEmbeddingLength = embedding })
                .Faults()
                .Single()
                .Fields,
            Does.Contain("residual_streams").And.Contain("low_rank")
        );

    [Test]
    public void Layers_that_differ_are_counted_one_by_one()
    {
        var small = YamlReader.Read<ModelShape>(Shared.InRepo("chips/models/gemma-4-e2b.yaml"));
        var large = YamlReader.Read<ModelShape>(Shared.InRepo("chips/models/gemma-4-31b.yaml"));
        Assert.Multiple(() =>
        {
            // 15 layers have keys of their own: three periods of four windowed layers and one that sees everything.
            Assert.That(small.KvElements, Is.EqualTo(3 * ((4 * 2 * 256) + (2 * 512))));
            Assert.That(Enumerable.Range(13, 4).Select(small.KvSource), Is.EqualTo((int[])[13, 14, 13, 13]));
            Assert.That((small.KvSource(19), small.KvElementsOf(19)), Is.EqualTo((14, 0L)));
            Assert.That(large.KvElements, Is.EqualTo((50L * 16 * 2 * 256) + (10 * 4 * 2 * 512)));
            var traffic = new ModelTraffic(small);
            // Beyond the window the windowed layers hold it alone; the 20 others read as well.
            Assert.That(traffic.KvElements(2000), Is.EqualTo((3 * 1024 * 2000) + (12 * 512 * 512)));
            Assert.That(traffic.KvElementsRead(2000), Is.EqualTo((7 * 1024 * 2000) + (28 * 512 * 512)));
            Assert.That(traffic.AttentionMultiplyAdds(100), Is.EqualTo(100.0 * 8 * ((7 * 1024) + (28 * 512))));
            Assert.That(traffic.LayerContexts(1000), Is.EqualTo((7 * 1000) + (28 * 512)));
            // Four kinds of layer: windowed or not, with keys or without.
            Assert.That(traffic.Matrices(1, WeightFormat.Find("bf16")).Count(m => m.Name == "query, key, value"), Is.EqualTo(4));
            Assert.That(
                traffic.Matrices(1, WeightFormat.Find("bf16")).Sum(m => m.Columns * m.Depth * m.Count),
                Is.EqualTo(traffic.ActiveInLayers + traffic.Output)
            );
        });
    }

    [TestCase(0, 0, 0, 0, null)]
    [TestCase(3, 0, 0, 0, "windowed_kv_heads")]
    [TestCase(0, 3, 0, 0, "feed_forward_lengths")]
    [TestCase(0, 0, 5, 0, "global_layers")]
    [TestCase(0, 0, 0, 3, "shared_kv_layers")]
    [TestCase(0, 0, 0, 2, null)]
    public void Layers_that_differ_are_checked(int kvHeads, int widths, int global, int shared, string? field)
    {
        var shape = ShapePlan.Llama8B with
        {
            Layers = 4,
            SlidingWindow = 16,
            SlidingWindowPeriod = 2,
            WindowedKvHeads = kvHeads,
            FeedForwardLengths = [.. Enumerable.Repeat(8, widths)],
            GlobalLayers = global == 0 ? [] : [global],
            SharedKvLayers = shared,
        };
        Assert.That(shape.Faults().FirstOrDefault()?.Fields[0], Is.EqualTo(field));
    }

    [Test]
    public void Sizes_of_windowed_layers_need_a_window() =>
        Assert.That(
            (ShapePlan.Llama8B with { WindowedHeadSize = 64 }).Faults().Single().Fields,
            Does.Contain("windowed_head_size").And.Contain("sliding_window")
        );

    [TestCase(new[] { 0, 4 }, 3, "attention_layers")]
    [TestCase(new[] { 1, 1 }, 3, "attention_layers")]
    [TestCase(new[] { 1 }, 1, "convolution_length")]
    [TestCase(new[] { 0, 1, 2, 3 }, 0, null)]
    [TestCase(new int[0], 0, null)]
    [TestCase(new[] { 3 }, 2, null)]
    public void Layers_with_a_state_are_checked(int[] attention, int length, string? fault)
    {
        var shape = ShapePlan.Llama8B with { Layers = 4, AttentionLayers = attention, ConvolutionLength = length };
        Assert.That(shape.Faults().Select(f => f.Text.Split(' ')[0]), Is.EqualTo(fault is null ? [] : (string[])[fault]));
    }

    [TestCase(new[] { 1 }, new[] { 2, 3 }, false, null)]
    [TestCase(new[] { 1 }, new[] { 1 }, false, "feed_forward_layers")]
    [TestCase(new[] { 1 }, new[] { 2, 2 }, false, "feed_forward_layers")]
    [TestCase(new[] { 1 }, new[] { 4 }, false, "feed_forward_layers")]
    [TestCase(new int[0], new[] { 2 }, false, "feed_forward_layers")]
    [TestCase(new[] { 1 }, new int[0], true, "recurrence")]
    [TestCase(new int[0], new int[0], true, null)]
    public void Branches_of_layers_are_checked(int[] attention, int[] feedForward, bool beside, string? field)
    {
        var shape = ShapePlan.Llama8B with
        {
            Layers = 4,
            AttentionLayers = attention,
            FeedForwardLayers = feedForward,
            ConvolutionLength = 4,
            Recurrence = new()
            {
                Kind = RecurrenceKind.Mamba2,
                Heads = 8,
                HeadSize = 32,
                StateSize = 16,
                Groups = 2,
                BesideAttention = beside,
            },
        };
        Assert.That(shape.Faults().FirstOrDefault()?.Fields[0], Is.EqualTo(field));
    }

    [Test]
    public void Layers_of_one_branch_are_counted_by_what_they_are()
    {
        var shape = YamlReader.Read<ModelShape>(Shared.InRepo("chips/models/nemotron-3-nano-30b-a3b.yaml"));
        Assert.Multiple(() =>
        {
            Assert.That((shape.AttentionLayerCount, shape.RecurrentLayerCount), Is.EqualTo((6, 23)));
            Assert.That((shape.MixtureLayers, shape.DenseLayers), Is.EqualTo((23, 0)));
            // Convolved: 4096 values, 2 × 8 keys and queries of 128.
            Assert.That(shape.StateElements, Is.EqualTo(23L * ((3 * (4096 + 2048)) + (64 * 64 * 128))));
            var beside = YamlReader.Read<ModelShape>(Shared.InRepo("chips/models/falcon-h1-7b.yaml"));
            Assert.That((beside.AttentionLayerCount, beside.RecurrentLayerCount, beside.DenseLayers), Is.EqualTo((44, 44, 44)));
        });
    }

    [TestCase("heads", 32, 128, 128, 12)]
    [TestCase("head_size", 32, 64, 128, 16)]
    [TestCase("heads", 1 << 14, 256, 256, 1)]
    [TestCase(null, 32, 128, 128, 16)]
    public void States_of_heads_are_checked(string? field, int heads, int size, int state, int groups)
    {
        var shape = ShapePlan.Llama8B with
        {
            AttentionLayers = [3],
            ConvolutionLength = 4,
            Recurrence = new()
            {
                Kind = RecurrenceKind.GatedDeltaNet,
                Heads = heads,
                HeadSize = size,
                StateSize = state,
                Groups = groups,
            },
        };
        Assert.Multiple(() =>
        {
            Assert.That(
                DescriptionCheck.Faults(shape).Select(f => f.Fields[0]),
                Is.EqualTo(field is null ? [] : (string[])[$"recurrence.{field}"])
            );
            Assert.That((shape with { AttentionLayers = [] }).Faults().Select(f => f.Fields[0]), Is.EqualTo((string[])["recurrence"]));
        });
    }

    [TestCase(8, 0, 0, "01234567")]
    [TestCase(8, 0, 1, "01234567")]
    [TestCase(8, 3, 0, "34567")]
    [TestCase(8, 0, 2, "1357")]
    [TestCase(7, 0, 3, "25")]
    [TestCase(8, 3, 2, "357")]
    [TestCase(8, 8, 0, "")]
    public void Mixtures_follow_the_leading_dense_layers_by_their_period(int layers, int dense, int period, string mixtures)
    {
        var shape = ShapePlan.Llama8B with { Layers = layers, Experts = 4, LeadingDenseLayers = dense, MixturePeriod = period };
        Assert.Multiple(() =>
        {
            Assert.That(string.Concat(Enumerable.Range(0, layers).Where(shape.IsMixture)), Is.EqualTo(mixtures));
            Assert.That(shape.MixtureLayers, Is.EqualTo(mixtures.Length));
            Assert.That((shape with { Experts = 0 }).MixtureLayers, Is.Zero);
            Assert.That(Enumerable.Range(0, layers).Any((shape with { Experts = 0 }).IsMixture), Is.False);
        });
    }

    [TestCase(128, 1280, 0, null)]
    [TestCase(120, 1200, 0, "patches:", TestName = "An output patch fills whole input patches")]
    [TestCase(128, 1290, 0, "vocabulary_size", TestName = "A vocabulary counts the figures of an output patch")]
    [TestCase(128, 1280, 4, "patches", TestName = "Patches are not of mixtures")]
    public void Patches_are_checked(int outputPoints, int figures, int experts, string? fault)
    {
        var published = YamlReader.Read<ModelShape>(Shared.InRepo("chips/models/timesfm-2.5.yaml"));
        var shape = published with
        {
            VocabularySize = figures,
            Experts = experts,
            ExpertsUsed = experts,
            ExpertFeedForwardLength = experts,
            Patches = published.Patches! with { OutputPoints = outputPoints },
        };
        Assert.That(DescriptionCheck.Faults(shape).Select(f => f.Text.Split(' ')[0]), Is.EqualTo(fault is null ? [] : (string[])[fault]));
    }
}
