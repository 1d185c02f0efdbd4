using System.Globalization;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>Seeded models whose layers differ: heads by window, shared keys and values, embeddings of layers.</summary>
internal static class SeededLayerModels
{
    // Upper case: sizes of windowed layers. p: a layer's own vector; l: those of all layers.
    private const string LayerEmbedding = """
        per_layer_token_embd.weight l v
        per_layer_model_proj.weight d l
        per_layer_proj_norm.weight p
        blk.*.inp_gate.weight d p
        blk.*.proj.weight p d
        blk.*.post_norm.weight d
        """;

    private const string Norms = """
        blk.*.attn_norm.weight d
        blk.*.post_attention_norm.weight d
        blk.*.ffn_norm.weight d
        blk.*.post_ffw_norm.weight d
        """;

    private const string Experts = """
        blk.*.post_ffw_norm_1.weight d
        blk.*.pre_ffw_norm_2.weight d
        blk.*.post_ffw_norm_2.weight d
        blk.*.ffn_gate_inp.weight d e
        blk.*.ffn_gate_inp.scale d
        blk.*.ffn_gate_up_exps.weight d 2x e
        blk.*.ffn_down_exps.weight x d e
        blk.*.ffn_down_exps.scale e
        """;

    // a: streams; w: width of low-rank layers.
    private const string Streams = """
        altup_proj.weight d d 3o
        altup_unembd_proj.weight d d 3o
        blk.*.altup_router.weight d a
        blk.*.altup_router_norm.weight d
        blk.*.altup_predict_coef.weight a 4a
        blk.*.altup_correct_coef.weight a a
        blk.*.altup_correct_scale.weight d
        blk.*.laurel_l.weight d w
        blk.*.laurel_r.weight w d
        blk.*.laurel_post_norm.weight d
        """;

    private static readonly bool[] Alternating = [true, false, true, false, true, false];

    /// <summary>One model of each family.</summary>
    public static IEnumerable<(string Name, SeededModel Model)> Families(bool wide) =>
        [("gemma3n", Gemma3n(wide)), ("gemma4", Gemma4(wide, Alternating)), ("gemma4-experts", Gemma4Experts(wide))];

    /// <summary>Variants of them.</summary>
    public static IEnumerable<(string Name, SeededModel Model)> Variants() =>
        [
            // More than 20 layers: the last ones have no keys and values of their own, and no sparse gates; one of those sees everything.
            ("gemma3n-shared", Gemma3n(layers: 25)),
            ("gemma3n-shared-period", Gemma3n(layers: 22).With(("attention.sliding_window_pattern", 2)).And("output.weight d v")),
            ("gemma3n-scaled", Gemma3n().With(("rope.freq_base_swa", 20000f), ("rope.scaling.factor", 4f), ("rope.dimension_count", 8))),
            ("gemma3n-pattern-list", Gemma3n().With(("attention.sliding_window_pattern", Alternating))),
            // Which layers see everything follows no period; two of the last three read keys of others.
            ("gemma4-list", Gemma4(false, [true, true, true, false, true, false]).And("output.weight d v")),
            ("gemma4-plain-caps", Gemma4(false, Alternating).With(("final_logit_softcapping", null), ("rope.freq_base_swa", null))),
            (
                "gemma4-no-cap",
                Gemma4(false, Alternating)
                    .With(("final_logit_softcapping", 0f), ("rope.scaling.factor", 4f), ("rope.dimension_count_swa", 12))
                    .Without("blk.*.layer_output_scale.weight")
            ),
            ("gemma4-unshared", Gemma4(false, Alternating, shared: 0)),
            ("gemma4-carried-keys", Carried(Gemma4(false, Alternating))),
            (
                "gemma4-experts-apart",
                Gemma4Experts()
                    .Without("blk.*.ffn_gate_up_exps.weight", "blk.*.ffn_down_exps.scale")
                    .And("blk.*.ffn_gate_exps.weight d x e\nblk.*.ffn_up_exps.weight d x e")
            ),
            ("qwen3next-joined-experts", Joined("qwen3next-f32")),
            ("qwen35moe-joined-experts", Joined("qwen35moe-f32")),
            ("deepseek2-joined-experts", Joined("deepseek2-f32")),
        ];

    private static SeededModel Gemma3n(bool wide = false, int layers = 6) =>
        SeededModels
            .Basis(
                wide,
                "gemma3n",
                $"token_embd.weight d v\noutput_norm.weight d\n{Norms}\n{SeededModels.Attention}\n{SeededModels.HeadNorms}\n"
                    + $"{LayerEmbedding}\n{Streams}\n{SeededModels.FeedForward}",
                16
            )
            .Without("blk.*.attn_norm.weight", "blk.*.ffn_norm.weight")
            .And("blk.*.attn_norm.weight d\nblk.*.ffn_norm.weight d")
            .Resize('p', 256)
            .Resize('l', 256 * layers)
            .Resize('a', 4)
            .Resize('w', 64)
            .With(("attention.sliding_window", 12), ("rope.freq_base", 1e6f), ("final_logit_softcapping", 7f)) with
        {
            Layers = layers,
        };

    private static SeededModel Gemma4(bool wide, bool[] windowed, int shared = 2)
    {
        var model = Base(wide, windowed, shared)
            .And(LayerEmbedding)
            .With(
                ("embedding_length_per_layer_input", wide ? 256 : 32),
                ("attention.shared_kv_layers", shared == 0 ? null : shared),
                ("feed_forward_length", wide ? new[] { 256, 256, 256, 256, 512, 512 } : [96, 96, 96, 96, 128, 128])
            )
            .Resize('F', wide ? 512 : 128)
            .Resize('p', wide ? 256 : 32)
            .Resize('l', windowed.Length * (wide ? 256 : 32));
        for (var layer = 0; layer < windowed.Length; layer++)
            model = model.And(Dense(layer, layer < 4 ? 'f' : 'F'));
        return model;
    }

    private static SeededModel Gemma4Experts(bool wide = false)
    {
        bool[] windowed = [true, true, false, true];
        var model = Base(wide, windowed, shared: 0)
            .And(Experts)
            .With(
                ("embedding_length_per_layer_input", 0),
                ("expert_count", wide ? 4 : 8),
                ("expert_used_count", 3),
                ("expert_feed_forward_length", wide ? 256 : 64)
            )
            // Layers that see everything have no values of their own.
            .Without("blk.2.attn_v.weight");
        for (var layer = 0; layer < windowed.Length; layer++)
            model = model.And(Dense(layer, 'f'));
        return model;
    }

    private static SeededModel Base(bool wide, bool[] windowed, int shared)
    {
        var (head, windowedHead) = wide ? (128, 64) : (24, 16);
        var model = SeededModels
            .Basis(wide, "gemma4", $"token_embd.weight d v\noutput_norm.weight d\nrope_freqs.weight r\n{Norms}", head, kvHeads: 1)
            .Resize('n', head)
            .Resize('q', 4 * head)
            .Resize('k', head)
            .Resize('r', head / 2)
            .Resize('N', windowedHead)
            .Resize('Q', 4 * windowedHead)
            .Resize('K', 2 * windowedHead)
            .With(
                ("attention.key_length", head),
                ("attention.value_length", head),
                ("attention.key_length_swa", windowedHead),
                ("attention.value_length_swa", windowedHead),
                ("rope.dimension_count", head),
                ("rope.dimension_count_swa", windowedHead),
                ("attention.head_count_kv", windowed.Select(w => w ? 2 : 1).ToArray()),
                ("attention.sliding_window", 12),
                ("attention.sliding_window_pattern", windowed),
                ("rope.freq_base", 1e6f),
                ("rope.freq_base_swa", 20000f),
                ("final_logit_softcapping", 7f)
            )
            .And("blk.*.layer_output_scale.weight o") with
        {
            Layers = windowed.Length,
        };
        for (var layer = 0; layer < windowed.Length; layer++)
            model = model.And(Attention(layer, windowed[layer], layer < windowed.Length - shared));
        return model;
    }

    private static string Attention(int layer, bool windowed, bool own)
    {
        var keys = own ? "blk.*.attn_k.weight d k\nblk.*.attn_v.weight d k\nblk.*.attn_k_norm.weight n\n" : "";
        var text = $"blk.*.attn_q.weight d q\nblk.*.attn_q_norm.weight n\n{keys}blk.*.attn_output.weight q d";
        if (windowed)
            text = string.Join(
                '\n',
                text.Split('\n')
                    .Select(line => line.Split(' '))
                    .Select(words => string.Join(' ', words.Skip(1).Select(w => w == "d" ? w : w.ToUpperInvariant()).Prepend(words[0])))
            );
        return In(text, layer);
    }

    private static string Dense(int layer, char width) =>
        In($"blk.*.ffn_gate.weight d {width}\nblk.*.ffn_up.weight d {width}\nblk.*.ffn_down.weight {width} d", layer);

    // Files of the real models have keys and values in every layer.
    private static SeededModel Carried(SeededModel model) =>
        model.And(In("blk.*.attn_k.weight d K\nblk.*.attn_v.weight d K\nblk.*.attn_k_norm.weight N", 4));

    // Gate and up of every expert as one tensor.
    private static SeededModel Joined(string name)
    {
        var model = SeededModels.Named(name);
        var line = model.Tensors.Split('\n').Single(text => text.Contains(".ffn_gate_exps.weight ", StringComparison.Ordinal));
        return model
            .Without(line.Split(' ')[0], line.Split(' ')[0].Replace("gate", "up", StringComparison.Ordinal))
            .And(line.Replace("gate_exps", "gate_up_exps", StringComparison.Ordinal).Replace(" x ", " 2x ", StringComparison.Ordinal));
    }

    private static string In(string tensors, int layer) =>
        tensors
            .ReplaceLineEndings("\n")
            .Replace("blk.*.", string.Create(CultureInfo.InvariantCulture, $"blk.{layer}."), StringComparison.Ordinal);
}
