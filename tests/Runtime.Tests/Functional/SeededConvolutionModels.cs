namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>Seeded models of the families whose layers are short convolutions but for some with attention.</summary>
internal static class SeededConvolutionModels
{
    private const string Ends = """
        token_embd.weight d v
        token_embd_norm.weight d
        output.weight d v
        """;

    // Layers 1 and 3 have attention.
    private static readonly string Mixing = $"""
        blk.*.attn_norm.weight d
        {Attention(1)}
        {Attention(3)}
        {Convolution(0)}
        {Convolution(2)}
        """;

    private const string Experts = """
        blk.*.ffn_norm.weight d
        blk.0.ffn_gate.weight d f
        blk.0.ffn_up.weight d f
        blk.0.ffn_down.weight f d
        blk.1-3.ffn_gate_inp.weight d e
        blk.1-3.ffn_gate_exps.weight d x e
        blk.1-3.ffn_up_exps.weight d x e
        blk.1-3.ffn_down_exps.weight x d e
        blk.1-3.exp_probs_b.bias e
        """;

    /// <summary>One model of each family.</summary>
    public static IEnumerable<(string Name, SeededModel Model)> Families(bool wide) => [("lfm2", Lfm2(wide)), ("lfm2moe", Lfm2Moe(wide))];

    /// <summary>Variants of them.</summary>
    public static IEnumerable<(string Name, SeededModel Model)> Variants() =>
        [
            ("lfm2-window", Lfm2().With(("attention.sliding_window", 11), ("rope.freq_base", 1e6f)).Without("output.weight")),
            ("lfm2-long", Lfm2().With(("shortconv.l_cache", 7)).Resize('c', 7)),
            ("lfm2-biases", Lfm2().And("blk.1.attn_q.bias q\nblk.3.attn_v.bias k")),
            ("lfm2moe-softmax", Lfm2Moe().With(("expert_gating_func", 1))),
        ];

    private static string Attention(int layer) =>
        $"""
            blk.{layer}.attn_q.weight d q
            blk.{layer}.attn_k.weight d k
            blk.{layer}.attn_v.weight d k
            blk.{layer}.attn_output.weight q d
            blk.{layer}.attn_q_norm.weight n
            blk.{layer}.attn_k_norm.weight n
            """;

    private static string Convolution(int layer) =>
        $"""
            blk.{layer}.shortconv.in_proj.weight d 3d
            blk.{layer}.shortconv.conv.weight c d
            blk.{layer}.shortconv.out_proj.weight d d
            """;

    private static SeededModel Lfm2(bool wide = false) => Basis(wide, "lfm2", SeededModels.FeedForward);

    private static SeededModel Lfm2Moe(bool wide = false) =>
        Basis(wide, "lfm2moe", Experts)
            .With(
                ("leading_dense_block_count", 1),
                ("expert_count", wide ? 4 : 8),
                ("expert_used_count", 3),
                ("expert_feed_forward_length", wide ? 256 : 64),
                ("expert_gating_func", 2)
            );

    private static SeededModel Basis(bool wide, string architecture, string feedForward)
    {
        var basis = SeededModels.Basis(wide, architecture, $"{Ends}\n{Mixing}\n{feedForward}", 16);
        return basis.With(("attention.head_count_kv", new[] { 0, 2, 0, 2 }), ("shortconv.l_cache", 3)).Resize('c', 3) with { Layers = 4 };
    }
}
