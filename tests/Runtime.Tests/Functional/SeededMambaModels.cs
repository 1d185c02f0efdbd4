namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>Seeded models of the families with layers of Mamba-2: alone, before a feed-forward layer, and beside attention.</summary>
internal static class SeededMambaModels
{
    private const string Dense = """
        blk.*.ffn_gate.weight d f
        blk.*.ffn_up.weight d f
        blk.*.ffn_down.weight f d
        """;

    private const string Attention = """
        blk.*.attn_q.weight d q
        blk.*.attn_k.weight d k
        blk.*.attn_v.weight d k
        blk.*.attn_output.weight q d
        """;

    // i: all heads' values; m: what is convolved; g: values of a group; y: groups; b: heads.
    private const string Mamba = """
        blk.*.ssm_in.weight d i+m+b
        blk.*.ssm_conv1d.weight c m
        blk.*.ssm_conv1d.bias m
        blk.*.ssm_dt.bias b
        blk.*.ssm_a o b
        blk.*.ssm_d o b
        blk.*.ssm_norm.weight g y
        blk.*.ssm_out.weight i d
        """;

    private static readonly string Experts = """
        blk.2.ffn_gate_inp.weight d e
        blk.2.ffn_up_exps.weight d x e
        blk.2.ffn_down_exps.weight x d e
        blk.2.exp_probs_b.bias e
        blk.2.ffn_up_shexp.weight d s
        blk.2.ffn_down_shexp.weight s d
        """.ReplaceLineEndings("\n");

    /// <summary>One model of each family.</summary>
    public static IEnumerable<(string Name, SeededModel Model)> Families(bool wide) =>
        [
            ("granitehybrid", GraniteHybrid(wide)),
            ("granitehybrid-experts", GraniteExperts(wide)),
            ("falcon-h1", FalconH1(wide)),
            ("nemotron_h", NemotronH(wide)),
            ("nemotron_h_moe", NemotronExperts(wide)),
        ];

    /// <summary>Variants of them.</summary>
    public static IEnumerable<(string Name, SeededModel Model)> Variants() =>
        [
            ("granitehybrid-unrotated", GraniteHybrid().With(("rope.scaling.finetuned", false), ("logit_scale", null))),
            ("granitehybrid-one-group", Sized(GraniteHybrid(), heads: 16, inner: 128, state: 20, groups: 1, length: 2)),
            (
                "granitehybrid-biases",
                GraniteHybrid()
                    .And("blk.1.attn_q.bias q\nblk.1.attn_output.bias d\nblk.2.ffn_down.bias d\nrope_freqs.weight r")
                    .Without("output.weight")
            ),
            ("granitehybrid-no-shared", GraniteExperts().With(("expert_shared_feed_forward_length", null)).Without(SharedMatrices)),
            ("falcon-h1-no-norm", FalconH1().Without("blk.*.ssm_norm.weight").With(("rope.dimension_count", 12))),
            (
                "falcon-h1-tails",
                Sized(FalconH1(), heads: 8, inner: 96, state: 7, groups: 4, length: 5)
                    .And("blk.*.attn_k.bias k\nblk.*.attn_output.bias d\nblk.*.ffn_up.bias f\nrope_freqs.weight r")
            ),
            (
                "nemotron_h-biases",
                NemotronH().And("blk.1.attn_v.bias k\nblk.1.attn_output.bias d\nblk.2.ffn_up.bias f\nblk.2.ffn_down.bias d")
            ),
            ("nemotron_h_moe-plain", NemotronExperts().With(("expert_weights_norm", null), ("expert_weights_scale", null))),
            ("nemotron_h_moe-ahead", Ahead(NemotronExperts())),
            ("nemotron_h_moe-groups", NemotronExperts().With(("expert_group_count", 4), ("expert_group_used_count", 2))),
        ];

    private static readonly string[] SharedMatrices =
    [
        "blk.*.ffn_gate_shexp.weight",
        "blk.*.ffn_up_shexp.weight",
        "blk.*.ffn_down_shexp.weight",
    ];

    // Layer 1 has attention.
    private static SeededModel GraniteHybrid(bool wide = false) => Granite(wide, Dense);

    private static SeededModel GraniteExperts(bool wide = false) =>
        Granite(
                wide,
                """
                blk.*.ffn_gate_inp.weight d e
                blk.*.ffn_gate_exps.weight d x e
                blk.*.ffn_up_exps.weight d x e
                blk.*.ffn_down_exps.weight x d e
                blk.*.ffn_gate_shexp.weight d s
                blk.*.ffn_up_shexp.weight d s
                blk.*.ffn_down_shexp.weight s d
                """
            )
            .With(
                ("feed_forward_length", wide ? 256 : 64),
                ("expert_count", wide ? 4 : 8),
                ("expert_used_count", 3),
                ("expert_shared_feed_forward_length", wide ? 512 : 96)
            );

    private static SeededModel Granite(bool wide, string feedForward) =>
        Sized(
            SeededModels
                .Basis(
                    wide,
                    "granitehybrid",
                    $"{SeededModels.Ends}\nblk.*.attn_norm.weight d\nblk.*.ffn_norm.weight d\n{In(Mamba, 0)}\n{In(Attention, 1)}\n"
                        + $"{In(Mamba, 2)}\n{feedForward}",
                    24
                )
                .With(
                    ("attention.head_count_kv", new[] { 0, 2, 0 }),
                    ("attention.scale", 0.3f),
                    ("embedding_scale", 3f),
                    ("residual_scale", 0.4f),
                    ("logit_scale", 2.5f)
                ) with
            {
                Layers = 3,
            },
            heads: 8,
            inner: wide ? 512 : 128,
            state: wide ? 64 : 16,
            groups: 2,
            length: 4
        );

    private static SeededModel FalconH1(bool wide = false) =>
        Sized(
            SeededModels
                .Basis(
                    wide,
                    "falcon-h1",
                    $"{SeededModels.Ends}\nblk.*.attn_norm.weight d\nblk.*.ffn_norm d\n{Attention}\n{Mamba}\n{Dense}",
                    24
                )
                .With(("rope.freq_base", 1e6f)),
            heads: wide ? 8 : 6,
            inner: wide ? 256 : 96,
            state: wide ? 64 : 12,
            groups: 2,
            length: 4
        );

    // Mamba-2, attention, feed-forward, Mamba-2.
    private static SeededModel NemotronH(bool wide = false) =>
        Nemotron(wide, "nemotron_h", "blk.2.ffn_up.weight d f\nblk.2.ffn_down.weight f d")
            .With(("feed_forward_length", new[] { 0, 0, wide ? 256 : 96, 0 }));

    private static SeededModel NemotronExperts(bool wide = false) =>
        Nemotron(wide, "nemotron_h_moe", Experts)
            .With(
                ("feed_forward_length", new[] { 0, 0, wide ? 256 : 64, 0 }),
                ("expert_count", wide ? 4 : 8),
                ("expert_used_count", 3),
                ("expert_feed_forward_length", wide ? 256 : 64),
                ("expert_shared_feed_forward_length", wide ? 512 : 96),
                ("expert_weights_norm", true),
                ("expert_weights_scale", 2.5f)
            );

    private static SeededModel Nemotron(bool wide, string architecture, string feedForward) =>
        Sized(
            SeededModels
                .Basis(
                    wide,
                    architecture,
                    $"{SeededModels.Ends}\nblk.*.attn_norm.weight d\n{In(Mamba, 0)}\n{In(Attention, 1)}\n{feedForward}\n{In(Mamba, 3)}",
                    24
                )
                .With(
                    ("attention.head_count_kv", new[] { 0, 2, 0, 0 }),
                    ("attention.layer_norm_epsilon", 1e-4f),
                    ("rope.freq_base", null),
                    ("rope.dimension_count", null)
                ) with
            {
                Layers = 4,
            },
            heads: wide ? 8 : 12,
            inner: wide ? 512 : 96,
            state: wide ? 64 : 16,
            groups: wide ? 4 : 3,
            length: 4
        );

    // The last layer guesses ahead and is not run.
    private static SeededModel Ahead(SeededModel model) =>
        model
            .With(
                ("nextn_predict_layers", 1),
                ("feed_forward_length", new[] { 0, 0, 64, 0, 0 }),
                ("attention.head_count_kv", new[] { 0, 2, 0, 0, 2 })
            )
            .And(In(Attention, 4))
            .And(Experts.Replace("blk.2.", "blk.4.", StringComparison.Ordinal))
            .And(In("blk.*.nextn.eh_proj.weight 2d d\nblk.*.nextn.enorm.weight d\nblk.*.nextn.hnorm.weight d", 4))
            .And("blk.4.nextn.shared_head_norm.weight d\nblk.4.post_attention_norm.weight d") with
        {
            Layers = 5,
        };

    private static SeededModel Sized(SeededModel model, int heads, int inner, int state, int groups, int length) =>
        model
            .With(
                ("ssm.conv_kernel", length),
                ("ssm.inner_size", inner),
                ("ssm.state_size", state),
                ("ssm.time_step_rank", heads),
                ("ssm.group_count", groups)
            )
            .Resize('c', length)
            .Resize('b', heads)
            .Resize('i', inner)
            .Resize('g', inner / groups)
            .Resize('y', groups)
            .Resize('m', inner + (2 * groups * state));

    private static string In(string tensors, int layer) =>
        tensors.ReplaceLineEndings("\n").Replace("blk.*.", $"blk.{layer}.", StringComparison.Ordinal);
}
