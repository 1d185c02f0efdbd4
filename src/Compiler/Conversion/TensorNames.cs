using System.Globalization;

namespace TaalasSim.Compiler.Conversion;

/// <summary>Names of Hugging Face tensors in GGUF.</summary>
internal static class TensorNames
{
    private static readonly string[] LayerPrefixes = ["model.layers.", "layers.", "model.transformer.blocks.", "transformer.blocks."];

    private static readonly string[] Skipped = [".attention.masked_bias", ".attention.bias", ".rotary_emb.inv_freq"];

    private static readonly string[] OtherModalities =
    [
        "visual.",
        "vision.",
        "audio.",
        "talker.",
        "vision_",
        "audio_",
        "token2wav.",
        "code2wav.",
        "projector.",
        "pre_mm_projector_norm",
        "image_newline",
        "view_seperator",
        "patch_embed",
        "patch_merger.",
        "patch_merge_mlp.",
        "model.connector.",
    ];

    private static readonly string[] OtherPrefixes =
    [
        "mlp",
        "vit.",
        "vpm.",
        "siglip2.",
        "conformer.",
        "merger.",
        "resampler.",
        "sound_encoder.",
        "sound_projection.",
        "speech_embeddings.",
    ];

    private static readonly Dictionary<string, string> Global = new(StringComparer.Ordinal)
    {
        ["model.embed_tokens"] = "token_embd",
        ["embed_tokens"] = "token_embd",
        ["model.transformer.wte"] = "token_embd",
        ["transformer.wte"] = "token_embd",
        ["model.norm"] = "output_norm",
        ["norm"] = "output_norm",
        ["model.transformer.ln_f"] = "output_norm",
        ["transformer.ln_f"] = "output_norm",
        ["lm_head"] = "output",
        ["model.lm_head"] = "output",
        ["model.transformer.ff_out"] = "output",
    };

    private static readonly Dictionary<string, string> Layer = new(StringComparer.Ordinal)
    {
        ["input_layernorm"] = "attn_norm",
        ["attn_norm"] = "attn_norm",
        ["self_attn.q_proj"] = "attn_q",
        ["self_attn.k_proj"] = "attn_k",
        ["self_attn.v_proj"] = "attn_v",
        ["self_attn.o_proj"] = "attn_output",
        ["q_proj"] = "attn_q",
        ["k_proj"] = "attn_k",
        ["v_proj"] = "attn_v",
        ["attn_out"] = "attn_output",
        ["self_attn.qkv_proj"] = "attn_qkv",
        ["self_attn.q_norm"] = "attn_q_norm",
        ["self_attn.k_norm"] = "attn_k_norm",
        ["self_attn.sinks"] = "attn_sinks",
        ["post_attention_layernorm"] = "ffn_norm",
        ["pre_feedforward_layernorm"] = "ffn_norm",
        ["post_feedforward_layernorm"] = "post_ffw_norm",
        ["ff_norm"] = "ffn_norm",
        ["mlp.gate_proj"] = "ffn_gate",
        ["mlp.up_proj"] = "ffn_up",
        ["mlp.down_proj"] = "ffn_down",
        ["mlp.gate_up_proj"] = "ffn_up",
        ["ff_proj"] = "ffn_gate",
        ["up_proj"] = "ffn_up",
        ["ff_out"] = "ffn_down",
        ["mlp.gate"] = "ffn_gate_inp",
        ["mlp.router"] = "ffn_gate_inp",
        ["block_sparse_moe.gate"] = "ffn_gate_inp",
        ["mlp.shared_expert_gate"] = "ffn_gate_inp_shexp",
        ["mlp.shared_expert.gate_proj"] = "ffn_gate_shexp",
        ["mlp.shared_expert.up_proj"] = "ffn_up_shexp",
        ["mlp.shared_expert.down_proj"] = "ffn_down_shexp",
        ["mlp.experts.gate_proj"] = "ffn_gate_exps",
        ["mlp.experts.up_proj"] = "ffn_up_exps",
        ["mlp.experts.down_proj"] = "ffn_down_exps",
        ["block_sparse_moe.experts.w1"] = "ffn_gate_exps",
        ["block_sparse_moe.experts.w3"] = "ffn_up_exps",
        ["block_sparse_moe.experts.w2"] = "ffn_down_exps",
    };

    /// <summary>Whether the converter passes over a tensor: of images or sound, or derived from the others.</summary>
    public static bool IsSkipped(string name) =>
        Array.Exists(Skipped, end => name.EndsWith(end, StringComparison.Ordinal))
        || Array.Exists(OtherPrefixes, start => name.StartsWith(start, StringComparison.Ordinal))
        || Array.Exists(OtherModalities, part => name.Contains(part, StringComparison.Ordinal));

    /// <summary>Cuts <c>model.layers.N.REST</c> into N and REST.</summary>
    public static (int Layer, string Name)? SplitLayer(string name)
    {
        foreach (var prefix in LayerPrefixes)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            var dot = name.IndexOf('.', prefix.Length);
            if (
                dot > 0
                && int.TryParse(
                    name.AsSpan(prefix.Length, dot - prefix.Length),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var layer
                )
            )
                return (layer, name[(dot + 1)..]);
        }

        return null;
    }

    /// <summary>The name in GGUF, with <c>.weight</c> or <c>.bias</c>; null when it has none.</summary>
    /// <param name="name">Name of the source.</param>
    /// <param name="layers">Layers of the model; a higher one has no name.</param>
    /// <param name="kind">What the architecture makes of the norm after attention.</param>
    public static string? Map(string name, int layers, ModelClass kind)
    {
        var ending =
            name.EndsWith(".weight", StringComparison.Ordinal) ? ".weight"
            : name.EndsWith(".bias", StringComparison.Ordinal) ? ".bias"
            : "";
        var stem = name[..^ending.Length];
        if (Global.TryGetValue(stem, out var global))
            return global + ending;
        if (SplitLayer(stem) is not var (layer, rest) || layer >= layers)
            return null;
        if (kind.NormAfterAttention && rest == "post_attention_layernorm")
            return $"blk.{layer}.post_attention_norm{ending}";
        return Layer.TryGetValue(rest, out var mapped) ? $"blk.{layer}.{mapped}{ending}" : null;
    }
}
