namespace TaalasSim.Compiler.Import;

/// <summary>Names of vectors that several architectures share, without <c>blk.N.</c></summary>
internal static class ArchitectureTensors
{
    /// <summary>Biases of queries, keys and values.</summary>
    public static readonly IReadOnlyList<string> QkvBiases = ["attn_q.bias", "attn_k.bias", "attn_v.bias", "attn_qkv.bias"];

    /// <summary>Biases of a feed-forward layer.</summary>
    public static readonly IReadOnlyList<string> FeedForwardBiases = ["ffn_gate.bias", "ffn_up.bias", "ffn_down.bias"];

    /// <summary>Biases of a mixture of experts.</summary>
    public static readonly IReadOnlyList<string> ExpertBiases =
    [
        "ffn_gate_inp.bias",
        "ffn_gate_exps.bias",
        "ffn_up_exps.bias",
        "ffn_down_exps.bias",
    ];

    /// <summary>What is added to the scores of the experts when they are chosen.</summary>
    public const string ExpertChoiceBias = "exp_probs_b.bias";

    /// <summary>Factors of the rotary frequencies.</summary>
    public const string RopeFrequencies = "rope_freqs.weight";

    /// <summary>Bias of the attention output.</summary>
    public const string AttentionOutputBias = "attn_output.bias";

    /// <summary>Factor on what leaves a layer.</summary>
    public const string LayerOutputScale = "layer_output_scale.weight";

    /// <summary>Bias of the logits.</summary>
    public const string OutputBias = "output.bias";

    /// <summary>Scores of the attention sinks.</summary>
    public const string AttentionSinks = "attn_sinks.weight";

    /// <summary>A tensor's name without <c>blk.N.</c>, and whether it had it.</summary>
    public static (string Name, bool InLayer) Split(string name)
    {
        if (!name.StartsWith("blk.", StringComparison.Ordinal))
            return (name, false);
        var dot = name.IndexOf('.', 4);
        return dot > 4 && name.AsSpan(4, dot - 4).IndexOfAnyExceptInRange('0', '9') < 0 ? (name[(dot + 1)..], true) : (name, false);
    }
}
