using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Import;

/// <summary>What a model of an unknown architecture would need: operators that its tensors belong to and that no known architecture
/// has.</summary>
internal static class MissingOperators
{
    // Parts of tensor names (llama.cpp's LLM_TENSOR_NAMES) and the operators that read them, the more special first.
    private static readonly (string Part, string Operator)[] Signs =
    [
        (".ssm_f_a.", "Kimi delta attention"),
        (".ssm_x.", "selective scan of Mamba 1"),
        (".time_mix_", "RWKV time mixing"),
        (".channel_mix_", "RWKV channel mixing"),
        (".indexer", "sparse attention indexer"),
        (".attn_sub_norm.", "norms inside attention and feed-forward"),
        (".ffn_sub_norm.", "norms inside attention and feed-forward"),
        (".attn_gate.", "gated attention output"),
        (".attn_rel_b.", "relative position bias"),
        ("position_embd.", "learned positions"),
        ("token_types.", "token types"),
        ("_norm.bias", "norms with biases"),
        (".attn_norm_2.", "a second norm before the feed-forward layer"),
        (".cross_attn_", "cross attention"),
        ("enc.blk.", "encoder"),
        (".hc_", "hyper connections"),
        ("cls.", "classification head"),
    ];

    /// <summary>The sentence that names them, or says that none was found.</summary>
    public static string Of(GgufFile file)
    {
        var found = new List<string>();
        foreach (var (part, name) in Signs)
            if (
                !found.Any(f => f.StartsWith(name, StringComparison.Ordinal))
                && file.Tensors.FirstOrDefault(t => ('.' + t.Name).Contains(part, StringComparison.Ordinal)) is { } tensor
            )
                found.Add($"{name} ({GgufFaults.Quote(tensor.Name)})");
        return found.Count > 0
            ? $"missing operators: {string.Join(", ", found)}"
            : "its tensors are of known operators, but how they are joined is not described";
    }
}
