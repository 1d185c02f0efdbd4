using System.Text.Json.Nodes;
using NUnit.Framework;
using TaalasSim.Compiler.Conversion;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Support;

namespace TaalasSim.Compiler.Tests.Conversion;

/// <summary>Tensors and keys of small folders, by the rules of the converter.</summary>
[TestFixture, Category("Compiler")]
public sealed class ConvertFolderTests
{
    [Test]
    public void Rows_of_queries_and_keys_become_neighbouring_pairs()
    {
        using var folder = new TinyFolder();
        using var file = Convert(folder, "f32");
        // Tensors are numbered from 0 in the order of TinyFolder; q_proj is number 4. Row 2i + h of a head was row h · 2 + i.
        long[] source = [0, 2, 1, 3, 4, 6, 5, 7];
        Assert.Multiple(() =>
        {
            for (var row = 0; row < 8; row++)
                Assert.That(Row(file, "blk.0.attn_q.weight", row), Is.EqualTo(Expected(4, source[row], TinyFolder.Width)), $"q row {row}");
            Assert.That(Row(file, "blk.0.attn_k.weight", 1), Is.EqualTo(Expected(5, 2, TinyFolder.Width)));
            Assert.That(Row(file, "blk.0.attn_v.weight", 1), Is.EqualTo(Expected(6, 1, TinyFolder.Width)), "values stay");
            Assert.That(Row(file, "blk.0.ffn_norm.weight", 0), Is.EqualTo(Expected(3, 0, TinyFolder.Width)));
            Assert.That(file.TryGetTensor("output.weight", out _), Is.False, "tied");
        });
    }

    [TestCase("f32", "F32", 0u)]
    [TestCase("f16", "F16", 1u)]
    [TestCase("bf16", "BF16", 32u)]
    [TestCase("auto", "F16", 1u)]
    [TestCase("q8_0", "F16", 7u)]
    public void Matrices_get_the_type_and_vectors_stay(string type, string matrices, uint id)
    {
        using var folder = new TinyFolder();
        using var file = Convert(folder, type);
        Assert.Multiple(() =>
        {
            // Rows of 8 do not fill Q8_0 blocks, so they fall back to F16.
            Assert.That(file.Tensor("blk.0.attn_q.weight", 8, 8).Type.ToString(), Is.EqualTo(matrices).IgnoreCase);
            Assert.That(file.Tensor("output_norm.weight", 8).Type.ToString(), Is.EqualTo("F32").IgnoreCase);
            Assert.That(file.Metadata.Get<uint>("general.file_type"), Is.EqualTo(id));
        });
    }

    [Test]
    public void Keys_say_what_config_and_tokenizer_say()
    {
        using var folder = new TinyFolder();
        folder.Config["head_dim"] = 4;
        folder.Write("generation_config.json", """{"temperature":0.5,"top_k":7,"eos_token_id":[258,257]}""");
        folder.Write("chat_template.jinja", "{{ messages }}");
        using var file = Convert(folder, "f32");
        var meta = file.Metadata;
        var types = meta.Find("tokenizer.ggml.token_type")!.Array<int>();
        Assert.Multiple(() =>
        {
            Assert.That(meta.GetString("general.architecture"), Is.EqualTo("llama"));
            Assert.That(meta.Get<uint>("llama.attention.key_length"), Is.EqualTo(4));
            Assert.That(meta.Get<uint>("llama.rope.dimension_count"), Is.EqualTo(4));
            Assert.That(meta.Get<float>("general.sampling.temp"), Is.EqualTo(0.5f));
            Assert.That(meta.Get<int>("general.sampling.top_k"), Is.EqualTo(7));
            Assert.That(meta.GetString("tokenizer.ggml.model"), Is.EqualTo("gpt2"));
            Assert.That(meta.GetString("tokenizer.ggml.pre"), Is.EqualTo("gpt-2"), "the file cuts text as GPT-2 does");
            Assert.That(meta.GetString("tokenizer.chat_template"), Is.EqualTo("{{ messages }}"));
            Assert.That(meta.Get<uint>("tokenizer.ggml.eos_token_id"), Is.EqualTo(258));
            Assert.That(meta.Find("tokenizer.ggml.merges")!.Texts(), Is.EqualTo((string[])["t h"]));
            Assert.That(meta.Find("tokenizer.ggml.tokens")!.Texts()[^3..], Is.EqualTo((string[])["<note>", "<|end|>", "[PAD259]"]));
            Assert.That(types[^4..], Is.EqualTo((int[])[1, 4, 3, 5]));
        });
    }

    [Test]
    public void Pieces_of_a_sentencepiece_model_keep_scores_and_types()
    {
        using var folder = new TinyFolder();
        folder.Config["vocab_size"] = TinyFolder.Tokens;
        folder.Write(
            "tokenizer.model",
            TinyFolder.SentencePieces(("<unk>", 0, 2), ("<s>", 0, 3), ("▁a", -1.5f, 1), ("<0x41>", 0, 6), ("b", -2, 4))
        );
        folder.TokenizerConfig = JsonNode
            .Parse("""{"added_tokens_decoder":{"5":{"content":"<x▁>","special":false},"6":{"content":"<|y|>"}}}""")!
            .AsObject();
        using var file = Convert(folder, "f32");
        var meta = file.Metadata;
        Assert.Multiple(() =>
        {
            Assert.That(meta.GetString("tokenizer.ggml.model"), Is.EqualTo("llama"));
            Assert.That(
                meta.Find("tokenizer.ggml.tokens")!.Texts()[..8],
                Is.EqualTo((string[])["<unk>", "<s>", "▁a", "<0x41>", "b", "<x >", "<|y|>", "[PAD7]"])
            );
            Assert.That(meta.Find("tokenizer.ggml.token_type")!.Array<int>()[..8], Is.EqualTo((int[])[2, 3, 1, 6, 1, 4, 3, 5]));
            Assert.That(
                meta.Find("tokenizer.ggml.scores")!.Array<float>()[..8],
                Is.EqualTo((float[])[0, 0, -1.5f, 0, -2, -1000, -1000, -10000])
            );
        });
    }

    [Test]
    public void Llama_3_scaling_becomes_a_tensor()
    {
        using var folder = new TinyFolder();
        folder.Config["rope_scaling"] = JsonNode.Parse(
            """{"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":32}"""
        );
        using var file = Convert(folder, "f32");
        // Frequencies 1 and 1/100: wave lengths 6.28 (below 32 / 4: unchanged) and 628 (above 32: divided by 8).
        Assert.Multiple(() =>
        {
            Assert.That(Row(file, "rope_freqs.weight", 0), Is.EqualTo((float[])[1, 8]));
            Assert.That(file.Metadata.Contains("llama.rope.scaling.type"), Is.False);
        });
    }

    [Test]
    public void Yarn_becomes_keys()
    {
        using var folder = new TinyFolder("Qwen2ForCausalLM");
        folder.Config["rope_scaling"] = JsonNode.Parse(
            """{"type":"yarn","factor":4.0,"original_max_position_embeddings":16,"beta_fast":24}"""
        );
        folder.Config["sliding_window"] = 5;
        using var file = Convert(folder, "f32");
        Assert.Multiple(() =>
        {
            Assert.That(file.Metadata.GetString("qwen2.rope.scaling.type"), Is.EqualTo("yarn"));
            Assert.That(file.Metadata.Get<float>("qwen2.rope.scaling.factor"), Is.EqualTo(4));
            Assert.That(file.Metadata.Get<uint>("qwen2.rope.scaling.original_context_length"), Is.EqualTo(16));
            Assert.That(file.Metadata.Get<float>("qwen2.rope.scaling.yarn_beta_fast"), Is.EqualTo(24));
            Assert.That(file.Metadata.Contains("qwen2.attention.sliding_window"), Is.False);
        });
    }

    [Test]
    public void Experts_one_by_one_and_together_give_the_same_tensors()
    {
        (string, long[])[] rest =
        [
            .. TinyFolder.LlamaTensors.Where(t => !t.Name.Contains(".mlp.", StringComparison.Ordinal)),
            ("model.layers.0.self_attn.q_norm.weight", [4]),
            ("model.layers.0.self_attn.k_norm.weight", [4]),
            ("model.layers.0.mlp.gate.weight", [2, 8]),
        ];
        var number = rest.Length;
        (string, long[])[] single =
        [
            .. rest,
            .. from projection in (string[])["gate_proj", "up_proj", "down_proj"]
            from expert in (int[])[0, 1]
            select ($"model.layers.0.mlp.experts.{expert}.{projection}.weight", projection == "down_proj" ? (long[])[8, 12] : [12, 8]),
        ];
        using var folder = new TinyFolder("Qwen3MoeForCausalLM", single);
        Experts(folder);
        using var file = Convert(folder, "f32");
        using var other = new TinyFolder(
            "Qwen3MoeForCausalLM",
            [.. rest, ("model.layers.0.mlp.experts.gate_up_proj", [2, 24, 8]), ("model.layers.0.mlp.experts.down_proj", [2, 8, 12])]
        );
        Experts(other);
        using var together = Convert(other, "f32");
        Assert.Multiple(() =>
        {
            Assert.That(Row(file, "blk.0.ffn_up_exps.weight", 12 + 3), Is.EqualTo(Expected(number + 3, 3, 8)), "expert 1, row 3");
            Assert.That(Row(file, "blk.0.ffn_down_exps.weight", 8), Is.EqualTo(Expected(number + 5, 0, 12)));
            Assert.That(Row(together, "blk.0.ffn_gate_exps.weight", 12), Is.EqualTo(Expected(number, 24, 8)), "expert 1 begins 24 rows on");
            Assert.That(Row(together, "blk.0.ffn_up_exps.weight", 0), Is.EqualTo(Expected(number, 12, 8)), "up rows follow gate rows");
            Assert.That(together.Tensors.Select(t => t.ToString()).Order(), Is.EqualTo(file.Tensors.Select(t => t.ToString()).Order()));
            Assert.That(file.Tensor("blk.0.ffn_gate_inp.weight", 8, 2).Type.ToString(), Is.EqualTo("F32").IgnoreCase);
        });
    }

    [Test]
    public void Gemma_norms_get_one_and_their_head_is_dropped()
    {
        (string, long[])[] tensors =
        [
            .. TinyFolder.LlamaTensors,
            ("model.layers.0.pre_feedforward_layernorm.weight", [8]),
            ("model.layers.0.post_feedforward_layernorm.weight", [8]),
            ("lm_head.weight", [TinyFolder.Tokens, 8]),
        ];
        using var folder = new TinyFolder("Gemma2ForCausalLM", tensors);
        foreach (
            var (key, value) in new[]
            {
                ("attn_logit_softcapping", 50),
                ("final_logit_softcapping", 30),
                ("sliding_window", 16),
                ("head_dim", 4),
            }
        )
            folder.Config[key] = value;
        folder.Write("tokenizer.model", TinyFolder.SentencePieces(("<unk>", 0, 2), ("a", 0, 1)));
        using var file = Convert(folder, "f32");
        Assert.Multiple(() =>
        {
            Assert.That(Row(file, "output_norm.weight", 0), Is.EqualTo(Expected(1, 0, 8).Select(v => v + 1)));
            Assert.That(Row(file, "blk.0.post_attention_norm.weight", 0), Is.EqualTo(Expected(3, 0, 8).Select(v => v + 1)));
            Assert.That(file.TryGetTensor("output.weight", out _), Is.False);
            Assert.That(file.Metadata.Get<bool>("tokenizer.ggml.add_space_prefix"), Is.False);
        });
    }

    [Test]
    public void Nothing_is_left_beside_the_file()
    {
        using var folder = new TinyFolder();
        using (Convert(folder, "f32"))
            Assert.That(
                Directory.GetFiles(folder.Path).Select(Path.GetFileName),
                Is.EquivalentTo((string[])["config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors", "out.gguf"])
            );
    }

    private static void Experts(TinyFolder folder)
    {
        foreach (
            var (key, value) in new[] { ("num_experts", 2), ("num_experts_per_tok", 1), ("moe_intermediate_size", 12), ("head_dim", 4) }
        )
            folder.Config[key] = value;
    }

    private static GgufFile Convert(TinyFolder folder, string type)
    {
        ConvertFolder.Write(folder.Written(), folder.Target, new ConvertOptions { Type = type });
        return GgufFile.Open(folder.Target);
    }

    private static float[] Row(GgufFile file, string name, long row)
    {
        Assert.That(file.TryGetTensor(name, out var tensor), Is.True, name);
        var values = new float[tensor!.RowLength];
        tensor.DecodeRow(row, values);
        return values;
    }

    // Value i of tensor n is n + i / 64 (SafetensorsBytes.Of).
    private static float[] Expected(int tensor, long row, int width) =>
        [.. Enumerable.Range(0, width).Select(i => tensor + (((row * width) + i) / 64f))];
}
