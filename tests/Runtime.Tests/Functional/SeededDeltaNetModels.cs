namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>Seeded models of the families whose layers are gated delta nets but for some with gated attention.</summary>
internal static class SeededDeltaNetModels
{
    // Layers 1 and 3 have attention.
    private static readonly string Mixing = $"""
        {SeededModels.Ends}
        blk.*.attn_norm.weight d
        blk.*.post_attention_norm.weight d
        {Attention(1)}
        {Attention(3)}
        """;

    private static readonly string Mixture = $"{SeededModels.Experts}\n{SeededModels.SharedExpert}";

    /// <summary>One model of each family.</summary>
    public static IEnumerable<(string Name, SeededModel Model)> Families(bool wide) =>
        [("qwen3next", Qwen3Next(wide)), ("qwen35", Qwen35(wide)), ("qwen35moe", Qwen35Moe(wide))];

    /// <summary>Variants of them.</summary>
    public static IEnumerable<(string Name, SeededModel Model)> Variants() =>
        [
            ("qwen3next-joined", Joined(Qwen3Next())),
            ("qwen3next-tails", Resized(Qwen3Next(), heads: 8, groups: 1, size: 12, length: 2).Without("output.weight")),
            ("qwen3next-one-head-each", Resized(Qwen3Next(), heads: 4, groups: 4, size: 24, length: 7)),
            ("qwen3next-default-period", DefaultPeriod(Qwen3Next())),
            ("qwen3next-named-layers", NamedLayers(Qwen3Next())),
            ("qwen3next-biases", Qwen3Next().And("blk.1.attn_q.bias 2q\nblk.3.attn_k.bias k")),
            ("qwen3next-ahead", Ahead(Qwen3Next())),
            ("qwen3next-dense-widths", DenseWidths(Qwen3Next())),
            ("qwen35-tails", Resized(Qwen35(), heads: 8, groups: 2, size: 12, length: 3).Without("output.weight")),
            ("qwen35-sections", Qwen35().With(("rope.dimension_sections", new[] { 1, 1, 2, 2 }))),
            ("qwen35moe-dense-widths", DenseWidths(Qwen35Moe())),
        ];

    private static SeededModel Qwen3Next(bool wide = false) =>
        WithExperts(Basis(wide, "qwen3next", $"{Mixing}\n{DeltaNet(0, "ssm_ba 2b")}\n{DeltaNet(2, "ssm_ba 2b")}\n{Mixture}"), wide);

    private static SeededModel Qwen35(bool wide = false) =>
        WithSections(Basis(wide, "qwen35", $"{Mixing}\n{Separate(0)}\n{Separate(2)}\n{SeededModels.FeedForward}"), wide);

    private static SeededModel Qwen35Moe(bool wide = false) =>
        WithExperts(WithSections(Basis(wide, "qwen35moe", $"{Mixing}\n{Separate(0)}\n{Separate(2)}\n{Mixture}"), wide), wide);

    /// <summary>Factors of NVFP4 on all matrices of a layer of each kind.</summary>
    public static SeededModel Scaled() =>
        Qwen35(wide: true)
            .And(
                """
                blk.0.attn_qkv.scale o
                blk.0.attn_gate.scale o
                blk.0.ssm_beta.scale o
                blk.0.ssm_alpha.scale o
                blk.0.ssm_out.scale o
                blk.1.attn_q.scale o
                blk.1.attn_output.scale o
                """.ReplaceLineEndings("\n")
            );

    private static string Separate(int layer) => DeltaNet(layer, "ssm_beta b", "ssm_alpha b");

    private static SeededModel WithSections(SeededModel model, bool wide) =>
        model.With(("rope.dimension_sections", wide ? new[] { 6, 5, 5, 0 } : [2, 2, 2, 0]));

    private static SeededModel WithExperts(SeededModel model, bool wide) =>
        model.With(
            ("expert_count", wide ? 4 : 8),
            ("expert_used_count", 3),
            ("expert_feed_forward_length", wide ? 256 : 64),
            ("expert_shared_feed_forward_length", wide ? 512 : 96)
        );

    private static SeededModel Basis(bool wide, string architecture, string tensors)
    {
        var basis = SeededModels
            .Basis(wide, architecture, tensors, 24)
            .With(("rope.dimension_count", wide ? 32 : 12), ("rope.freq_base", 1e6f), ("full_attention_interval", 2))
            .Without("blk.*.ffn_norm.weight") with
        {
            Layers = 4,
        };
        return Resized(basis, wide ? 4 : 6, 2, wide ? 64 : 16, 4);
    }

    private static SeededModel Resized(SeededModel model, int heads, int groups, int size, int length) =>
        model
            .With(
                ("ssm.conv_kernel", length),
                ("ssm.inner_size", heads * size),
                ("ssm.state_size", size),
                ("ssm.time_step_rank", heads),
                ("ssm.group_count", groups)
            )
            .Resize('c', length)
            .Resize('b', heads)
            .Resize('z', size)
            .Resize('i', heads * size)
            .Resize('m', (2 * groups * size) + (heads * size));

    private static SeededModel Joined(SeededModel model) =>
        model
            .Without("blk.0.attn_qkv.weight", "blk.0.attn_gate.weight", "blk.2.attn_qkv.weight", "blk.2.attn_gate.weight")
            .And("blk.0.ssm_in.weight d m+i\nblk.2.ssm_in.weight d m+i");

    // Only the last of four layers has attention.
    private static SeededModel DefaultPeriod(SeededModel model) =>
        model
            .With(("full_attention_interval", null))
            .Without([.. Attention(1).Split('\n').Select(line => line.Split(' ')[0])])
            .And(DeltaNet(1, "ssm_ba 2b"));

    // The other way round: layers 0 and 2 have attention.
    private static SeededModel NamedLayers(SeededModel model) =>
        model
            .With(("attention.recurrent_layers", new[] { false, true, false, true }))
            .Replace("blk.0.", "blk.9.")
            .Replace("blk.1.", "blk.0.")
            .Replace("blk.9.", "blk.1.")
            .Replace("blk.2.", "blk.9.")
            .Replace("blk.3.", "blk.2.")
            .Replace("blk.9.", "blk.3.");

    // The last layer guesses ahead and is not run.
    private static SeededModel Ahead(SeededModel model) =>
        model
            .With(("nextn_predict_layers", 1))
            .And(Attention(4))
            .And("blk.4.nextn.eh_proj.weight 2d d\nblk.4.nextn.enorm.weight d\nblk.4.nextn.hnorm.weight d") with
        {
            Layers = 5,
        };

    // The widths of experts follow from the dense width.
    private static SeededModel DenseWidths(SeededModel model) =>
        model
            .With(
                ("feed_forward_length", 192),
                ("expert_feed_forward_length", null),
                ("expert_shared_feed_forward_length", null),
                ("expert_used_count", 3)
            )
            .Resize('s', 192);

    private static string Attention(int layer) =>
        $"""
            blk.{layer}.attn_q.weight d 2q
            blk.{layer}.attn_k.weight d k
            blk.{layer}.attn_v.weight d k
            blk.{layer}.attn_output.weight q d
            blk.{layer}.attn_q_norm.weight n
            blk.{layer}.attn_k_norm.weight n
            """;

    // Names of the matrices of gates, with their outputs.
    private static string DeltaNet(int layer, params ReadOnlySpan<string> gates)
    {
        var lines = $"""
            blk.{layer}.attn_qkv.weight d m
            blk.{layer}.attn_gate.weight d i
            blk.{layer}.ssm_conv1d.weight c m
            blk.{layer}.ssm_dt.bias b
            blk.{layer}.ssm_a b
            blk.{layer}.ssm_norm.weight z
            blk.{layer}.ssm_out.weight i d
            """;
        foreach (var gate in gates)
            lines += $"\nblk.{layer}.{gate.Replace(" ", ".weight d ", StringComparison.Ordinal)}";
        return lines;
    }
}
