namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>Seeded models of the families whose routers take sigmoids, biases and groups, with dense layers among the mixtures.</summary>
internal static class SeededExpertModels
{
    private const string DenseFirst = """
        blk.*.ffn_norm.weight d
        blk.0.ffn_gate.weight d f
        blk.0.ffn_up.weight d f
        blk.0.ffn_down.weight f d
        blk.1-2.ffn_gate_inp.weight d e
        blk.1-2.ffn_gate_exps.weight d x e
        blk.1-2.ffn_up_exps.weight d x e
        blk.1-2.ffn_down_exps.weight x d e
        """;

    private const string ChoiceBias = "blk.1-2.exp_probs_b.bias e";

    /// <summary>One model of each family.</summary>
    public static IEnumerable<(string Name, SeededModel Model)> Families(bool wide) =>
        [
            ("glm4moe", Glm4Moe(wide)),
            ("minimax-m2", MiniMaxM2(wide)),
            ("ernie4_5", Ernie(wide)),
            ("ernie4_5-moe", ErnieMoe(wide)),
            ("hunyuan-dense", HunyuanDense(wide)),
            ("hunyuan-moe", HunyuanMoe(wide)),
            ("llama4", Llama4(wide)),
        ];

    /// <summary>Variants of them.</summary>
    public static IEnumerable<(string Name, SeededModel Model)> Variants() =>
        [
            ("glm4moe-groups", Glm4Moe().With(("expert_group_count", 4), ("expert_group_used_count", 2), ("expert_weights_scale", null))),
            ("glm4moe-softmax", Glm4Moe().With(("expert_gating_func", 1), ("expert_weights_norm", null))),
            (
                "glm4moe-sigmoid",
                Glm4Moe()
                    .With(("expert_weights_norm", false), ("expert_shared_count", 2), ("expert_used_count", 1))
                    .Without(SharedMatrices)
                    .And(Shared("2x"))
            ),
            ("glm4moe-sections", Glm4Moe().With(("rope.dimension_sections", new[] { 2, 2, 1, 1 })).Without("blk.*.attn_q_norm.weight")),
            ("glm4moe-no-norms", Glm4Moe().Without("blk.*.attn_q_norm.weight", "blk.*.attn_k_norm.weight").And(SeededModels.QkvBiases)),
            ("glm4moe-ahead", Glm4MoeAhead()),
            ("minimax-m2-softmax", MiniMaxM2().With(("expert_gating_func", 1), ("rope.dimension_count", 16))),
            ("ernie4_5-moe-bias", ErnieMoe().And(ChoiceBias).Without("output.weight")),
            ("ernie4_5-moe-no-shared", ErnieMoe().With(("expert_shared_feed_forward_length", null)).Without(SharedMatrices)),
            ("ernie4_5-output-bias", Ernie().And("blk.*.attn_output.bias d\n" + SeededModels.QkvBiases)),
            ("hunyuan-dense-alpha", HunyuanDense().With(("rope.scaling.alpha", 50f)).Without("output.weight")),
            ("hunyuan-moe-shared", HunyuanMoe().With(("expert_shared_feed_forward_length", 64), ("expert_used_count", 8))),
            (
                "llama4-period",
                Llama4().With(("attention.sliding_window_pattern", 2), ("attention.sliding_window", 16), ("rope.freq_base_swa", 200f))
            ),
            (
                "llama4-rope-freqs",
                Llama4().With(("expert_used_count", 1), ("rope.freq_base_swa", 300f)).And("rope_freqs.weight r").Without("output.weight")
            ),
        ];

    // Width of the shared expert by its letter.
    private static string Shared(string width, string layers = "1-2") =>
        $"""
            blk.{layers}.ffn_gate_shexp.weight d {width}
            blk.{layers}.ffn_up_shexp.weight d {width}
            blk.{layers}.ffn_down_shexp.weight {width} d
            """;

    private static readonly string[] SharedMatrices =
    [
        "blk.1-2.ffn_gate_shexp.weight",
        "blk.1-2.ffn_up_shexp.weight",
        "blk.1-2.ffn_down_shexp.weight",
    ];

    private static SeededModel Glm4Moe(bool wide = false) =>
        SeededModels
            .Basis(
                wide,
                "glm4moe",
                $"{SeededModels.Ends}\n{SeededModels.Attention}\n{SeededModels.HeadNorms}\n{DenseFirst}\n{ChoiceBias}\n"
                    + $"{Shared(wide ? "s" : "x")}\nblk.*.post_attention_norm.weight d",
                24
            )
            .With(
                ("rope.dimension_count", wide ? 32 : 12),
                ("expert_count", wide ? 4 : 8),
                ("expert_used_count", 3),
                ("expert_feed_forward_length", wide ? 256 : 64),
                ("expert_shared_count", wide ? 2 : 1),
                ("leading_dense_block_count", 1),
                ("expert_weights_norm", true),
                ("expert_weights_scale", 2.5f)
            )
            .Without("blk.*.ffn_norm.weight") with
        {
            Layers = 3,
        };

    // The last layer guesses ahead and is not run.
    private static SeededModel Glm4MoeAhead() =>
        Glm4Moe()
            .With(("nextn_predict_layers", 1))
            .And("blk.3.nextn.eh_proj.weight 2d d\nblk.3.nextn.enorm.weight d\nblk.3.nextn.hnorm.weight d")
            .Replace("blk.1-2.", "blk.1-3.") with
        {
            Layers = 4,
        };

    private static SeededModel MiniMaxM2(bool wide = false) =>
        SeededModels
            .Basis(
                wide,
                "minimax-m2",
                $"{SeededModels.Ends}\n{SeededModels.Attention}\n{SeededModels.Experts}\nblk.*.attn_q_norm.weight q\n"
                    + "blk.*.attn_k_norm.weight k\nblk.*.exp_probs_b.bias e",
                24
            )
            .With(
                ("rope.dimension_count", wide ? 32 : 12),
                ("feed_forward_length", wide ? 256 : 64),
                ("expert_feed_forward_length", wide ? 256 : 64),
                ("expert_count", wide ? 4 : 8),
                ("expert_used_count", 3),
                ("expert_gating_func", 2)
            );

    private static SeededModel Ernie(bool wide = false) =>
        SeededModels
            .Basis(wide, "ernie4_5", $"{SeededModels.Ends}\n{SeededModels.Attention}\n{SeededModels.FeedForward}", 24)
            .With(("rope.freq_base", 5e5f));

    private static SeededModel ErnieMoe(bool wide = false) =>
        SeededModels
            .Basis(wide, "ernie4_5-moe", $"{SeededModels.Ends}\n{SeededModels.Attention}\n{DenseFirst}\n{Shared("s")}", 24)
            .With(
                ("expert_count", wide ? 4 : 8),
                ("expert_used_count", 3),
                ("expert_feed_forward_length", wide ? 256 : 64),
                ("expert_shared_feed_forward_length", wide ? 512 : 96),
                ("interleave_moe_layer_step", 1),
                ("leading_dense_block_count", 1)
            ) with
        {
            Layers = 3,
        };

    private static SeededModel HunyuanDense(bool wide = false) =>
        SeededModels.Basis(
            wide,
            "hunyuan-dense",
            $"{SeededModels.Ends}\n{SeededModels.Attention}\n{SeededModels.HeadNorms}\n{SeededModels.FeedForward}",
            24
        );

    private static SeededModel HunyuanMoe(bool wide = false) =>
        SeededModels
            .Basis(
                wide,
                "hunyuan-moe",
                $"{SeededModels.Ends}\n{SeededModels.Attention}\n{SeededModels.HeadNorms}\n{SeededModels.Experts}\n{Shared("x", "*")}",
                24
            )
            .With(
                ("feed_forward_length", wide ? 256 : 64),
                ("expert_feed_forward_length", wide ? 256 : 64),
                ("expert_count", wide ? 4 : 8),
                ("expert_used_count", 3)
            );

    // Layers 1 and 3 are mixtures; layer 3 has neither rotation nor window.
    private static SeededModel Llama4(bool wide = false) =>
        SeededModels
            .Basis(
                wide,
                "llama4",
                $"""
                {SeededModels.Ends}
                {SeededModels.Attention}
                blk.*.ffn_norm.weight d
                {Layers("0", Dense)}
                {Layers("1", Mixture)}
                {Layers("2", Dense)}
                {Layers("3", Mixture)}
                """,
                24
            )
            .With(
                ("expert_count", wide ? 4 : 8),
                ("expert_used_count", 2),
                ("expert_feed_forward_length", wide ? 256 : 64),
                ("interleave_moe_layer_step", 2),
                ("rope.freq_base", 5e5f)
            ) with
        {
            Layers = 4,
        };

    private static string Layers(string layer, string tensors) =>
        tensors.ReplaceLineEndings("\n").Replace("blk.*.", $"blk.{layer}.", StringComparison.Ordinal);

    private const string Dense = """
        blk.*.ffn_gate.weight d f
        blk.*.ffn_up.weight d f
        blk.*.ffn_down.weight f d
        """;

    private const string Mixture = """
        blk.*.ffn_gate_inp.weight d e
        blk.*.ffn_gate_exps.weight d x e
        blk.*.ffn_up_exps.weight d x e
        blk.*.ffn_down_exps.weight x d e
        blk.*.ffn_gate_shexp.weight d x
        blk.*.ffn_up_shexp.weight d x
        blk.*.ffn_down_shexp.weight x d
        """;
}
