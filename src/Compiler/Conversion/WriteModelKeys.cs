using System.Text.Json;

namespace TaalasSim.Compiler.Conversion;

/// <summary>Writes sizes and traits of config.json as GGUF keys, as convert_hf_to_gguf.py does.</summary>
internal static class WriteModelKeys
{
    /// <summary>Number of layers.</summary>
    public static uint Layers(ModelConfig config) => config.RequiredCount("n_layers", "num_hidden_layers", "n_layer", "num_layers");

    /// <summary>Query heads.</summary>
    public static uint Heads(ModelConfig config) => config.RequiredCount("num_attention_heads", "n_head", "n_heads");

    /// <summary>What most architectures have.</summary>
    public static void Common(GgufKeys keys, ModelConfig config, RopeParameters rope)
    {
        keys.Own("block_count", (uint?)Layers(config));
        keys.Own(
            "context_length",
            config.Size("max_position_embeddings", "n_ctx", "n_positions", "max_length", "max_sequence_length", "model_max_length")
        );
        keys.Own("embedding_length", config.Size("hidden_size", "n_embd", "dim"));
        keys.Own(
            "feed_forward_length",
            config.Size("prefix_dense_intermediate_size", "dense_intermediate_size", "intermediate_size", "n_inner", "hidden_dim")
        );
        keys.Own("attention.head_count", config.Size("num_attention_heads", "n_head", "n_heads"));
        keys.Own("attention.head_count_kv", config.Size("num_key_value_heads", "n_kv_heads"));
        if (config.Find("is_causal") is { ValueKind: JsonValueKind.False })
            keys.Own<bool>("attention.causal", false);
        rope.WriteTo(keys);
        keys.OwnReal("attention.layer_norm_rms_epsilon", config.Real("rms_norm_eps", "norm_eps"));
        keys.OwnReal("attention.layer_norm_epsilon", config.Real("layer_norm_eps", "layer_norm_epsilon", "norm_epsilon"));
        keys.Own("expert_count", config.Size("num_local_experts", "num_experts", "n_routed_experts"));
        keys.Own("expert_used_count", config.Size("num_experts_per_tok", "num_experts_per_token", "top_k_experts"));
        HeadSize(keys, config);
    }

    /// <summary>Llama, Mistral, Mixtral.</summary>
    public static void Llama(GgufKeys keys, ModelConfig config, RopeParameters rope)
    {
        Common(keys, config, rope);
        keys.Own("vocab_size", (uint?)config.RequiredSize("vocab_size"));
        keys.Own("rope.dimension_count", (uint?)(config.Size("head_dim") ?? config.RequiredSize("hidden_size") / Heads(config)));
    }

    /// <summary>Qwen with experts.</summary>
    public static void QwenExperts(GgufKeys keys, ModelConfig config, RopeParameters rope)
    {
        Common(keys, config, rope);
        keys.Own("expert_feed_forward_length", config.Size("moe_intermediate_size"));
        keys.Own("expert_shared_feed_forward_length", config.Size("shared_expert_intermediate_size"));
    }

    /// <summary>gpt-oss.</summary>
    public static void GptOss(GgufKeys keys, ModelConfig config, RopeParameters rope)
    {
        Common(keys, config, rope);
        keys.Own("attention.sliding_window", (uint?)config.RequiredSize("sliding_window"));
        keys.Own("expert_feed_forward_length", (uint?)config.RequiredSize("intermediate_size"));
    }

    /// <summary>Dream.</summary>
    public static void Dream(GgufKeys keys, ModelConfig config, RopeParameters rope)
    {
        Common(keys, config, rope);
        keys.Own<bool>("attention.causal", false);
        if (config.Size("mask_token_id") is { } mask)
            keys.Add("tokenizer.ggml.mask_token_id", mask);
    }

    private static void HeadSize(GgufKeys keys, ModelConfig config)
    {
        keys.Own("attention.key_length", config.Size("head_dim"));
        keys.Own("attention.value_length", config.Size("head_dim"));
    }

    /// <summary>Mistral 3 and Ministral 3.</summary>
    public static void Mistral3(GgufKeys keys, ModelConfig config, RopeParameters rope)
    {
        Llama(keys, config, rope);
        if (config.Text("model_type") != "ministral3")
            return;
        if (rope.Kind != "yarn")
            throw config.Fault("rope_type", "yarn, as ministral3 has it", rope.Kind ?? "nothing");
        keys.OwnReal("rope.scaling.yarn_log_multiplier", Required(config, rope, "mscale_all_dim"));
        keys.OwnReal("attention.temperature_scale", Required(config, rope, "llama_4_scaling_beta"));
    }

    private static double Required(ModelConfig config, RopeParameters rope, string key) =>
        rope.Real(key) ?? throw config.Fault(key, "a number, as ministral3 has it", "nothing");

    /// <summary>Gemma 2.</summary>
    public static void Gemma2(GgufKeys keys, ModelConfig config, RopeParameters rope)
    {
        keys.Own("context_length", (uint?)config.RequiredSize("max_position_embeddings"));
        keys.Own("embedding_length", (uint?)config.RequiredCount("hidden_size"));
        keys.Own("block_count", (uint?)Layers(config));
        keys.Own("feed_forward_length", (uint?)config.RequiredCount("intermediate_size"));
        keys.Own("attention.head_count", (uint?)config.RequiredCount("num_attention_heads"));
        keys.Own("attention.head_count_kv", (uint?)(config.Size("num_key_value_heads") ?? config.RequiredCount("num_attention_heads")));
        keys.OwnReal("attention.layer_norm_rms_epsilon", config.RequiredReal("rms_norm_eps"));
        _ = config.RequiredCount("head_dim");
        HeadSize(keys, config);
        keys.OwnReal("attn_logit_softcapping", config.RequiredReal("attn_logit_softcapping"));
        keys.OwnReal("final_logit_softcapping", config.RequiredReal("final_logit_softcapping"));
        keys.Own("attention.sliding_window", (uint?)config.RequiredSize("sliding_window"));
    }

    /// <summary>Gemma 3.</summary>
    public static void Gemma3(GgufKeys keys, ModelConfig config, RopeParameters rope)
    {
        Common(keys, config, rope);
        keys.Own("context_length", (uint?)(config.Size("max_position_embeddings") ?? 131072));
        keys.Own("attention.head_count", (uint?)(config.Size("num_attention_heads") ?? 8));
        keys.OwnReal("attention.layer_norm_rms_epsilon", config.Real("rms_norm_eps") ?? 1e-6);
        keys.Own("attention.key_length", (uint?)(config.Size("head_dim") ?? 256));
        keys.Own("attention.value_length", (uint?)(config.Size("head_dim") ?? 256));
        keys.OwnReal("rope.freq_base", rope.Theta ?? 1_000_000);
        if (config.Real("attn_logit_softcapping") is { } cap)
            throw config.Fault("attn_logit_softcapping", "nothing, as gemma3 has none", $"{cap}");
        if (config.Real("final_logit_softcapping") is { } final and not 0)
            keys.OwnReal("final_logit_softcapping", final);
        if (config.Size("sliding_window_pattern") != 1)
            keys.Own("attention.sliding_window", (uint?)config.RequiredSize("sliding_window"));
        keys.Own("attention.head_count_kv", (uint?)(config.Size("num_key_value_heads") ?? 4));
    }

    /// <summary>Phi-3.</summary>
    public static void Phi3(GgufKeys keys, ModelConfig config, RopeParameters rope)
    {
        keys.Own("context_length", (uint?)config.RequiredSize("n_positions", "max_position_embeddings"));
        keys.Own("rope.scaling.original_context_length", (uint?)OriginalContext(config, rope));
        keys.Own("embedding_length", (uint?)config.RequiredCount("hidden_size", "n_embd"));
        keys.Own("feed_forward_length", (uint?)config.RequiredCount("intermediate_size"));
        keys.Own("block_count", (uint?)Layers(config));
        keys.Own("attention.head_count", (uint?)config.RequiredCount("num_attention_heads", "n_head"));
        keys.Own("attention.head_count_kv", (uint?)config.RequiredCount("num_key_value_heads", "n_head_kv"));
        keys.OwnReal("attention.layer_norm_rms_epsilon", config.RequiredReal("rms_norm_eps"));
        keys.Own("rope.dimension_count", (uint?)Phi3RotaryLength(config, rope));
        keys.OwnReal("rope.freq_base", rope.Theta ?? throw config.Fault("rope_theta", "a number", "nothing"));
        keys.Own("attention.sliding_window", (uint?)(config.Size("sliding_window") ?? 0));
    }

    /// <summary>Context that a phi3 model was first trained with.</summary>
    public static uint OriginalContext(ModelConfig config, RopeParameters rope) =>
        rope.Size("original_max_position_embeddings") is > 0 and var given
            ? given
            : throw config.Fault("original_max_position_embeddings", "a whole number from 1", "nothing");

    /// <summary>Rotated elements of a phi3 head.</summary>
    public static uint Phi3RotaryLength(ModelConfig config, RopeParameters rope) =>
        (uint)((rope.Real("partial_rotary_factor") ?? 1.0) * config.RequiredCount("hidden_size", "n_embd"))
        / config.RequiredCount("num_attention_heads", "n_head");

    /// <summary>OLMo 2 and 3.</summary>
    public static void Olmo2(GgufKeys keys, ModelConfig config, RopeParameters rope)
    {
        Common(keys, config, rope);
        if (!config.Has("sliding_window"))
            return;
        keys.Own("attention.sliding_window", (uint?)config.RequiredSize("sliding_window"));
        bool[] pattern = config.Find("layer_types") is { ValueKind: JsonValueKind.Array } types
            ? [.. types.EnumerateArray().Select(t => t.ValueKind == JsonValueKind.String && t.GetString() == "sliding_attention")]
            : [.. Enumerable.Range(0, (int)Layers(config)).Select(layer => (layer + 1) % 4 != 0)];
        keys.AddArray($"{keys.Architecture}.attention.sliding_window_pattern", pattern);
    }

    /// <summary>OLMoE, whose norms have one ε whatever the config says.</summary>
    public static void Olmoe(GgufKeys keys, ModelConfig config, RopeParameters rope)
    {
        Common(keys, config, rope);
        keys.OwnReal("attention.layer_norm_rms_epsilon", 1e-5);
    }

    /// <summary>Granite: Llama with four factors, and heads as wide as the model says, not <c>head_dim</c>.</summary>
    public static void Granite(GgufKeys keys, ModelConfig config, RopeParameters rope)
    {
        Llama(keys, config, rope);
        keys.Drop("attention.key_length");
        keys.Drop("attention.value_length");
        keys.Own("rope.dimension_count", (uint?)(config.RequiredSize("hidden_size") / Heads(config)));
        Factor("attention.scale", "attention_multiplier");
        Factor("embedding_scale", "embedding_multiplier");
        Factor("residual_scale", "residual_multiplier");
        Factor("logit_scale", "logits_scaling");

        void Factor(string key, string name)
        {
            if (config.Real(name) is { } value and not 0)
                keys.OwnReal(key, value);
        }
    }

    /// <summary>EXAONE 4.</summary>
    public static void Exaone4(GgufKeys keys, ModelConfig config, RopeParameters rope)
    {
        Common(keys, config, rope);
        keys.Own("vocab_size", (uint?)config.RequiredSize("vocab_size"));
        if (config.Find("sliding_window") is null or { ValueKind: JsonValueKind.Null })
            return;
        keys.Own("attention.sliding_window", (uint?)config.RequiredSize("sliding_window"));
        var layers = (int)Layers(config);
        bool[]? windowed =
            config.Find("layer_types") is { ValueKind: JsonValueKind.Array } types
                ? [.. types.EnumerateArray().Select(t => t.ValueKind == JsonValueKind.String && t.GetString() == "sliding_attention")]
            : config.Text("sliding_window_pattern") is { Length: > 0 } letters
                ? [.. Enumerable.Range(0, layers).Select(layer => letters[layer % letters.Length] == 'L')]
            : config.Find("sliding_window_pattern") is { ValueKind: JsonValueKind.Number }
            && config.RequiredCount("sliding_window_pattern") is var period
                ? [.. Enumerable.Range(1, layers).Select(layer => layer % period != 0)]
            : null;
        if (windowed is not null)
            keys.AddArray($"{keys.Architecture}.attention.sliding_window_pattern", windowed);
    }

    /// <summary>LLaDA.</summary>
    public static void Llada(GgufKeys keys, ModelConfig config, RopeParameters rope)
    {
        Common(keys, config, rope);
        keys.Own("vocab_size", (uint?)config.RequiredSize("vocab_size"));
        var width = config.Size("hidden_size") ?? config.RequiredSize("d_model");
        keys.Own("rope.dimension_count", (uint?)(config.Size("head_dim") ?? width / Heads(config)));
        keys.Own("context_length", (uint?)(config.Size("max_sequence_length") ?? 4096));
        keys.Own("embedding_length", (uint?)(config.Size("d_model") ?? 4096));
        keys.Own("feed_forward_length", (uint?)(config.Size("mlp_hidden_size") ?? 12288));
        keys.Own<bool>("attention.causal", false);
        keys.Add("diffusion.shift_logits", false);
    }
}
