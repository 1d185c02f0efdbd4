namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>Seeded models of the families with latent attention: keys and values of all heads come from one narrow vector.</summary>
internal static class SeededLatentModels
{
    // Letters: l latent of keys and values, m latent of queries, t rotated part, p plain part of a head, w value head, y all query heads,
    // z all value heads.
    private const string Attention = """
        blk.*.attn_norm.weight d
        blk.*.attn_q_a.weight d m
        blk.*.attn_q_a_norm.weight m
        blk.*.attn_q_b.weight m y
        blk.*.attn_kv_a_mqa.weight d l+t
        blk.*.attn_kv_a_norm.weight l
        blk.*.attn_k_b.weight p l h
        blk.*.attn_v_b.weight l w h
        blk.*.attn_output.weight z d
        """;

    private const string FeedForward = """
        blk.*.ffn_norm.weight d
        blk.0.ffn_gate.weight d f
        blk.0.ffn_up.weight d f
        blk.0.ffn_down.weight f d
        blk.1-2.ffn_gate_inp.weight d e
        blk.1-2.ffn_gate_exps.weight d x e
        blk.1-2.ffn_up_exps.weight d x e
        blk.1-2.ffn_down_exps.weight x d e
        blk.1-2.ffn_gate_shexp.weight d s
        blk.1-2.ffn_up_shexp.weight d s
        blk.1-2.ffn_down_shexp.weight s d
        """;

    private const string ChoiceBias = "blk.1-2.exp_probs_b.bias e";

    private static readonly (string, object?)[] Yarn =
    [
        ("rope.scaling.type", "yarn"),
        ("rope.scaling.factor", 40f),
        ("rope.scaling.original_context_length", 32),
        ("rope.scaling.yarn_log_multiplier", 0.1f),
    ];

    /// <summary>One model of each family.</summary>
    public static IEnumerable<(string Name, SeededModel Model)> Families(bool wide) =>
        [("deepseek2", DeepSeek2(wide, "deepseek2")), ("mistral4", DeepSeek2(wide, "mistral4"))];

    /// <summary>Variants of them.</summary>
    public static IEnumerable<(string Name, SeededModel Model)> Variants() =>
        [
            ("deepseek2-yarn", DeepSeek2(false, "deepseek2").With(Yarn)),
            (
                "deepseek2-yarn-multiplier",
                DeepSeek2(false, "deepseek2")
                    .With(Yarn)
                    .With(("rope.scaling.yarn_log_multiplier", 0.0707f), ("rope.scaling.attn_factor", 1.2f))
            ),
            ("deepseek2-yarn-plain", DeepSeek2(false, "deepseek2").With(Yarn).With(("rope.scaling.yarn_log_multiplier", null))),
            ("deepseek2-linear", DeepSeek2(false, "deepseek2").With(("rope.scaling.factor", 4f))),
            (
                "deepseek2-groups",
                DeepSeek2(false, "deepseek2")
                    .With(
                        ("expert_gating_func", 2),
                        ("expert_weights_norm", true),
                        ("expert_weights_scale", 2.5f),
                        ("expert_group_count", 4),
                        ("expert_group_used_count", 2)
                    )
                    .And(ChoiceBias)
            ),
            ("deepseek2-lite", Lite()),
            ("deepseek2-flash", Flash()),
            ("mistral4-yarn", DeepSeek2(false, "mistral4").With(Yarn).With(("rope.scaling.yarn_log_multiplier", 0.06f))),
            (
                "mistral4-temperature",
                DeepSeek2(false, "mistral4").With(("attention.temperature_scale", 0.3f), ("attention.temperature_length", 12))
            ),
        ];

    private static SeededModel DeepSeek2(bool wide, string architecture)
    {
        var basis = SeededModels.Basis(wide, architecture, $"{SeededModels.Ends}\n{Attention}\n{FeedForward}", 24);
        var (heads, rank, rope, plain, value) = wide ? (4, 256, 32, 256, 64) : (4, 32, 8, 32, 16);
        var query = wide ? 256 : 64;
        return basis.With(
            ("attention.head_count_kv", 1),
            ("attention.kv_lora_rank", rank),
            ("attention.q_lora_rank", query),
            ("attention.key_length", rank + rope),
            ("attention.value_length", rank),
            ("attention.key_length_mla", plain + rope),
            ("attention.value_length_mla", value),
            ("rope.dimension_count", rope),
            ("expert_count", wide ? 4 : 8),
            ("expert_used_count", 3),
            ("expert_feed_forward_length", wide ? 256 : 32),
            ("expert_shared_count", wide ? 2 : 3),
            ("leading_dense_block_count", 1)
        ) with
        {
            Layers = 3,
            Sizes = new Dictionary<char, int>(basis.Sizes)
            {
                ['l'] = rank,
                ['m'] = query,
                ['t'] = rope,
                ['p'] = plain,
                ['w'] = value,
                ['y'] = heads * (plain + rope),
                ['z'] = heads * value,
                ['x'] = wide ? 256 : 32,
            },
        };
    }

    // Models of 27 layers have queries without a latent vector.
    private static SeededModel Lite() =>
        DeepSeek2(false, "deepseek2")
            .With(("leading_dense_block_count", 25))
            .Without("blk.*.attn_q_a.weight", "blk.*.attn_q_a_norm.weight", "blk.*.attn_q_b.weight")
            .And("blk.*.attn_q.weight d y")
            .Replace("blk.0.", "blk.0-24.")
            .Replace("blk.1-2.", "blk.25-26.") with
        {
            Layers = 27,
        };

    // With 47 layers and this vocabulary, routers take sigmoids; the last of 48 layers guesses ahead.
    private static SeededModel Flash() =>
        DeepSeek2(false, "deepseek2")
            .With(("vocab_size", 154880), ("nextn_predict_layers", 1), ("leading_dense_block_count", 45), ("expert_weights_norm", true))
            .Replace("blk.0.", "blk.0-44.")
            .Replace("blk.1-2.", "blk.45-47.")
            .And("blk.45-47.exp_probs_b.bias e")
            .And("blk.47.nextn.eh_proj.weight 2d d\nblk.47.nextn.enorm.weight d\nblk.47.nextn.hnorm.weight d") with
        {
            Layers = 48,
        };
}
