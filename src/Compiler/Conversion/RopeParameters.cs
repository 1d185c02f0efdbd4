using System.Text.Json;

namespace TaalasSim.Compiler.Conversion;

/// <summary><c>rope_parameters</c> or <c>rope_scaling</c> of config.json, completed by the keys of older configs.</summary>
internal sealed class RopeParameters
{
    private readonly ModelConfig _config;
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);
    private readonly JsonElement? _windowedTheta;

    /// <summary>Reads them.</summary>
    /// <exception cref="ChipModel.Files.InputException">They are no object.</exception>
    public RopeParameters(ModelConfig config)
    {
        _config = config;
        var given = config.Find("rope_parameters", "rope_scaling");
        if (given is { ValueKind: not JsonValueKind.Object } other)
            throw config.Fault("rope_scaling", "an object", ModelConfig.Shown(other));
        if (given is { } all && (Part(all, "full_attention") ?? Part(all, "sliding_attention")) is not null)
        {
            Fill(Part(all, "full_attention") ?? all);
            _windowedTheta = Part(all, "sliding_attention") is { } window && window.TryGetProperty("rope_theta", out var own) ? own : null;
            return;
        }

        if (given is { } plain)
            Fill(plain);
        _windowedTheta = config.Find("local_rope_theta", "rope_local_theta", "rope_theta_local", "swa_rope_theta", "rope_local_base_freq");
        Mirror("rope_theta", config.Find("global_rope_theta", "rope_global_theta", "rope_theta_global", "rope_theta", "rotary_emb_base"));
        Mirror("rope_type", Value("type"));
        Mirror("partial_rotary_factor", config.Find("partial_rotary_factor", "rope_pct", "rope_percent"));
        Mirror("original_max_position_embeddings", config.Find("original_max_position_embeddings"));
    }

    /// <summary>Kind of scaling in lower case, e.g. <c>llama3</c>; null for none.</summary>
    public string? Kind => Value("rope_type") is { ValueKind: JsonValueKind.String } text ? text.GetString()!.ToLowerInvariant() : null;

    /// <summary>Base of the angles, or null.</summary>
    public double? Theta => Real("rope_theta");

    /// <summary>Base of the angles of windowed layers, or null.</summary>
    public double? WindowedTheta => _windowedTheta is { } value ? _config.RealOf(value, "rope_theta") : null;

    /// <summary>A number, or null.</summary>
    public double? Real(string key) => Value(key) is { } value ? _config.RealOf(value, key) : null;

    /// <summary>A whole number, or null.</summary>
    public uint? Size(string key) => Value(key) is { } value ? _config.SizeOf(value, key) : null;

    /// <summary>A list of numbers, or null.</summary>
    public float[]? Reals(string key)
    {
        if (Value(key) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => (float)_config.RealOf(item, key))]
            : throw _config.Fault(key, "a list of numbers", ModelConfig.Shown(value));
    }

    /// <summary>Writes the keys that every architecture has.</summary>
    public void WriteTo(GgufKeys keys)
    {
        var factor = Real("factor");
        if (Kind is "linear" && factor is not null)
        {
            keys.OwnText("rope.scaling.type", "linear");
            keys.OwnReal("rope.scaling.factor", factor);
        }
        else if (Kind is "yarn" && factor is not null)
        {
            keys.OwnText("rope.scaling.type", "yarn");
            keys.OwnReal("rope.scaling.factor", factor);
            keys.Own(
                "rope.scaling.original_context_length",
                (uint?)(
                    Size("original_max_position_embeddings")
                    ?? throw _config.Fault("original_max_position_embeddings", "a whole number, as yarn needs", "nothing")
                )
            );
            keys.OwnReal("rope.scaling.yarn_ext_factor", Real("extrapolation_factor"));
            keys.OwnReal("rope.scaling.yarn_attn_factor", Real("attention_factor") ?? Real("attn_factor"));
            keys.OwnReal("rope.scaling.yarn_beta_fast", Real("beta_fast"));
            keys.OwnReal("rope.scaling.yarn_beta_slow", Real("beta_slow"));
        }
        else if (Kind is "su" or "longrope")
        {
            keys.OwnText("rope.scaling.type", "longrope");
        }
        else if (Kind is not (null or "default" or "dynamic" or "llama3" or "linear" or "yarn"))
        {
            throw _config.Fault("rope_type", "linear, yarn, longrope, llama3, dynamic or default", Kind);
        }

        keys.OwnReal("rope.freq_base", Theta);
        keys.OwnReal("rope.freq_base_swa", WindowedTheta);
    }

    private JsonElement? Value(string key) => _values.TryGetValue(key, out var value) ? value : null;

    private void Fill(JsonElement part)
    {
        foreach (var property in part.EnumerateObject())
            if (property.Value.ValueKind != JsonValueKind.Null)
                _values[property.Name] = property.Value;
    }

    private void Mirror(string key, JsonElement? value)
    {
        if (value is { } there)
            _values.TryAdd(key, there);
    }

    private static JsonElement? Part(JsonElement all, string name) =>
        all.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Object ? part : null;
}
