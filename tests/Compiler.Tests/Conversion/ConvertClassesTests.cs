using System.Text.Json.Nodes;
using NUnit.Framework;
using TaalasSim.Compiler.Conversion;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Tests.Conversion;

/// <summary>Classes beside those of the shared folders: their keys, and what their tensors become, by the rules of the converter.</summary>
[TestFixture, Category("Compiler")]
public sealed class ConvertClassesTests
{
    private static readonly (string Name, long[] Shape)[] HeadNorms =
    [
        ("model.layers.0.self_attn.q_norm.weight", [TinyFolder.Width / TinyFolder.Heads]),
        ("model.layers.0.self_attn.k_norm.weight", [TinyFolder.Width / TinyFolder.Heads]),
    ];

    [Test]
    public void SmolLM3_is_a_Llama_of_its_own_name()
    {
        using var folder = new TinyFolder("SmolLM3ForCausalLM");
        using var file = Convert(folder);
        Assert.Multiple(() =>
        {
            Assert.That(file.Metadata.GetString("general.architecture"), Is.EqualTo("smollm3"));
            Assert.That(file.Metadata.Get<uint>("smollm3.rope.dimension_count"), Is.EqualTo(4));
            // Row 2i + h of a head was row h · 2 + i.
            Assert.That(Rows(file, "blk.0.attn_q.weight", 2), Is.EqualTo(Rows(Llama(), "blk.0.attn_q.weight", 2)));
        });
    }

    [Test]
    public void Granite_has_four_factors_and_heads_as_wide_as_the_model_says()
    {
        using var folder = new TinyFolder("GraniteForCausalLM");
        folder.Config["head_dim"] = 6;
        folder.Config["attention_multiplier"] = 0.25;
        folder.Config["embedding_multiplier"] = 12.0;
        folder.Config["residual_multiplier"] = 0.22;
        folder.Config["logits_scaling"] = 8.0;
        using var file = Convert(folder);
        var meta = file.Metadata;
        Assert.Multiple(() =>
        {
            Assert.That(meta.Contains("granite.attention.key_length"), Is.False);
            Assert.That(meta.Contains("granite.attention.value_length"), Is.False);
            Assert.That(meta.Get<uint>("granite.rope.dimension_count"), Is.EqualTo(4));
            Assert.That(meta.Get<float>("granite.attention.scale"), Is.EqualTo(0.25f));
            Assert.That(meta.Get<float>("granite.embedding_scale"), Is.EqualTo(12));
            Assert.That(meta.Get<float>("granite.residual_scale"), Is.EqualTo(0.22f));
            Assert.That(meta.Get<float>("granite.logit_scale"), Is.EqualTo(8));
            Assert.That(Rows(file, "blk.0.attn_k.weight", 2), Is.EqualTo(Rows(Llama(), "blk.0.attn_k.weight", 2)), "rows change places");
        });
    }

    [Test]
    public void Seed_OSS_keeps_its_rows_and_the_norm_after_attention()
    {
        using var folder = new TinyFolder("SeedOssForCausalLM");
        using var file = Convert(folder);
        Assert.Multiple(() =>
        {
            Assert.That(file.Metadata.GetString("general.architecture"), Is.EqualTo("seed_oss"));
            Assert.That(file.TryGetTensor("blk.0.post_attention_norm.weight", out _), Is.True);
            Assert.That(file.TryGetTensor("blk.0.ffn_norm.weight", out _), Is.False);
            Assert.That(Rows(file, "blk.0.attn_q.weight", 2), Is.Not.EqualTo(Rows(Llama(), "blk.0.attn_q.weight", 2)), "no pairs");
        });
    }

    [TestCase("[\"sliding_attention\",\"full_attention\",\"sliding_attention\"]", "layer_types", new[] { true, false, true })]
    [TestCase("\"LLG\"", "sliding_window_pattern", new[] { true, true, false })]
    [TestCase("2", "sliding_window_pattern", new[] { true, false, true })]
    [TestCase("\"sliding_attention\"", "other", null)]
    public void Exaone_4_says_which_layers_are_windowed(string json, string key, bool[]? windowed)
    {
        (string Name, long[] Shape)[] layer =
        [
            .. TinyFolder.LlamaTensors.Where(t =>
                t.Name.Contains("layers.0.", StringComparison.Ordinal) && !t.Name.Contains("input_", StringComparison.Ordinal)
            ),
            ("model.layers.0.post_feedforward_layernorm.weight", [TinyFolder.Width]),
            .. HeadNorms,
        ];
        using var folder = new TinyFolder(
            "Exaone4ForCausalLM",
            [
                .. TinyFolder.LlamaTensors.Where(t => !t.Name.Contains("layers.", StringComparison.Ordinal)),
                .. Enumerable
                    .Range(0, 3)
                    .SelectMany(i => layer.Select(t => (t.Name.Replace("layers.0.", $"layers.{i}.", StringComparison.Ordinal), t.Shape))),
            ]
        );
        folder.Config["num_hidden_layers"] = 3;
        folder.Config["sliding_window"] = 16;
        folder.Config[key] = JsonNode.Parse(json);
        using var file = Convert(folder);
        Assert.Multiple(() =>
        {
            Assert.That(file.Metadata.Get<uint>("exaone4.attention.sliding_window"), Is.EqualTo(16));
            Assert.That(file.Metadata.Get<uint>("exaone4.vocab_size"), Is.EqualTo(TinyFolder.Tokens));
            Assert.That(file.Metadata.Find("exaone4.attention.sliding_window_pattern")?.Array<bool>(), Is.EqualTo(windowed));
            Assert.That(file.TryGetTensor("blk.2.post_ffw_norm.weight", out _), Is.True);
        });
    }

    [Test]
    public void Experts_of_OLMoE_are_stacked_and_norms_have_one_epsilon()
    {
        const int Experts = 2;
        using var folder = new TinyFolder(
            "OlmoeForCausalLM",
            [
                .. TinyFolder.LlamaTensors.Where(t => !t.Name.Contains(".mlp.", StringComparison.Ordinal)),
                ("lm_head.weight", [TinyFolder.Tokens, TinyFolder.Width]),
                ("model.layers.0.self_attn.q_norm.weight", [TinyFolder.Width]),
                ("model.layers.0.self_attn.k_norm.weight", [TinyFolder.Width / 2]),
                ("model.layers.0.mlp.gate.weight", [Experts, TinyFolder.Width]),
                .. Enumerable
                    .Range(0, Experts)
                    .SelectMany(x =>
                        ((string, long[])[])
                            [
                                ($"model.layers.0.mlp.experts.{x}.gate_proj.weight", [TinyFolder.FeedForward, TinyFolder.Width]),
                                ($"model.layers.0.mlp.experts.{x}.up_proj.weight", [TinyFolder.FeedForward, TinyFolder.Width]),
                                ($"model.layers.0.mlp.experts.{x}.down_proj.weight", [TinyFolder.Width, TinyFolder.FeedForward]),
                            ]
                    ),
            ]
        );
        folder.Config["num_experts"] = Experts;
        folder.Config["num_experts_per_tok"] = 1;
        folder.Config["rms_norm_eps"] = 1e-3;
        using var file = Convert(folder);
        Assert.Multiple(() =>
        {
            Assert.That(file.Metadata.Get<float>("olmoe.attention.layer_norm_rms_epsilon"), Is.EqualTo(1e-5f));
            Assert.That(file.TryGetTensor("blk.0.ffn_gate_exps.weight", out var gates), Is.True);
            Assert.That(gates!.Dimensions, Is.EqualTo((long[])[TinyFolder.Width, TinyFolder.FeedForward, Experts]));
        });
    }

    private static GgufFile Llama()
    {
        using var folder = new TinyFolder();
        return Convert(folder);
    }

    private static GgufFile Convert(TinyFolder folder)
    {
        ConvertFolder.Write(folder.Written(), folder.Target, new ConvertOptions { Type = "f32" });
        return GgufFile.Open(folder.Target);
    }

    private static float[] Rows(GgufFile file, string name, int row)
    {
        Assert.That(file.TryGetTensor(name, out var tensor), Is.True, name);
        var values = new float[tensor!.Dimensions[0]];
        tensor.DecodeRow(row, values);
        return values;
    }
}
