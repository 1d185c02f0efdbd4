using System.Text.Json.Nodes;
using TaalasSim.Runtime.Decode;
using TaalasSim.Server.Requests;

namespace TaalasSim.Server.Answers;

/// <summary>Settings of a completion as llama-server's <c>generation_settings</c> and <c>params</c>.</summary>
internal static class SettingsJson
{
    private static readonly string[] OnlyWhole =
    [
        "dry_sequence_breakers",
        "stop",
        "logit_bias",
        "grammar",
        "grammar_lazy",
        "grammar_triggers",
        "preserved_tokens",
    ];

    /// <summary>Everything that was asked for, after limits.</summary>
    /// <param name="s">Settings.</param>
    /// <param name="seed">Seed that was drawn from; null tells the one that was asked for.</param>
    public static JsonObject Whole(CompletionSettings s, uint? seed = null)
    {
        var p = s.Sampler;
        return new JsonObject
        {
            ["seed"] = seed ?? p.Seed ?? uint.MaxValue,
            ["temperature"] = JsonText.Real(p.Temperature),
            ["dynatemp_range"] = JsonText.Real(p.DynamicTemperatureRange),
            ["dynatemp_exponent"] = JsonText.Real(p.DynamicTemperatureExponent),
            ["top_k"] = p.TopK,
            ["top_p"] = JsonText.Real(p.TopP),
            ["min_p"] = JsonText.Real(p.MinP),
            ["top_n_sigma"] = JsonText.Real(p.TopNSigma),
            ["xtc_probability"] = JsonText.Real(p.XtcProbability),
            ["xtc_threshold"] = JsonText.Real(p.XtcThreshold),
            ["typical_p"] = JsonText.Real(p.TypicalP),
            ["repeat_last_n"] = p.LastN,
            ["repeat_penalty"] = JsonText.Real(p.RepeatPenalty),
            ["presence_penalty"] = JsonText.Real(p.PresencePenalty),
            ["frequency_penalty"] = JsonText.Real(p.FrequencyPenalty),
            ["dry_multiplier"] = JsonText.Real(p.DryMultiplier),
            ["dry_base"] = JsonText.Real(p.DryBase),
            ["dry_allowed_length"] = p.DryAllowedLength,
            ["dry_penalty_last_n"] = p.DryLastN,
            ["dry_sequence_breakers"] = JsonText.List(p.DryBreakers),
            ["mirostat"] = p.Mirostat,
            ["mirostat_tau"] = JsonText.Real(p.MirostatTau),
            ["mirostat_eta"] = JsonText.Real(p.MirostatEta),
            ["adaptive_target"] = -1.0,
            ["adaptive_decay"] = JsonText.Real(0.9f),
            ["stop"] = JsonText.List(s.Stop),
            ["max_tokens"] = s.Predict,
            ["n_predict"] = s.Predict,
            ["n_keep"] = s.Keep,
            ["n_discard"] = s.Discard,
            ["ignore_eos"] = s.IgnoreEnd,
            ["stream"] = s.Stream,
            ["logit_bias"] = new JsonArray([.. p.LogitBias.Select(Bias)]),
            ["n_probs"] = s.Probabilities,
            ["min_keep"] = p.MinKeep,
            ["grammar"] = s.Grammar,
            ["grammar_lazy"] = false,
            ["grammar_triggers"] = new JsonArray(),
            ["preserved_tokens"] = new JsonArray(),
            ["chat_format"] = s.ChatFormat,
            ["reasoning_format"] = s.ReasoningFormat,
            ["reasoning_in_content"] = false,
            ["generation_prompt"] = s.GenerationPrompt,
            ["samplers"] = JsonText.List(p.Samplers.Select(SamplerNames.Of)),
            ["speculative.types"] = "none",
            ["timings_per_token"] = s.TimingsPerToken,
            ["post_sampling_probs"] = s.PostSampling,
            ["backend_sampling"] = false,
            ["lora"] = new JsonArray(),
        };
    }

    /// <summary>The short form of <c>/props</c> and <c>/slots</c>.</summary>
    public static JsonObject Short(CompletionSettings settings)
    {
        var json = Whole(settings);
        foreach (var name in OnlyWhole)
            json.Remove(name);
        return json;
    }

    private static JsonNode Bias((int Id, float Bias) pair) =>
        new JsonObject { ["bias"] = float.IsFinite(pair.Bias) ? JsonText.Real(pair.Bias) : null, ["token"] = pair.Id };
}
