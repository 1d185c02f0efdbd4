using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Conversion;

/// <summary>Tensors that stand for the scaling of positions: <c>rope_freqs</c> of Llama 3, the pair of factors of Phi-3.</summary>
internal static class RopeTensors
{
    /// <summary><c>rope_freqs</c>, where the config scales as Llama 3 does.</summary>
    /// <exception cref="InputException">The config is malformed.</exception>
    public static IReadOnlyList<ConvertedTensor> Llama3(GgufKeys keys, ModelConfig config, RopeParameters rope) =>
        rope.Kind == "llama3" ? [Frequencies(config, rope, 8)] : [];

    /// <summary>The same, with EXAONE 4's factor where the config gives none.</summary>
    /// <exception cref="InputException">The config is malformed.</exception>
    public static IReadOnlyList<ConvertedTensor> Exaone4(GgufKeys keys, ModelConfig config, RopeParameters rope) =>
        rope.Kind == "llama3" ? [Frequencies(config, rope, 16)] : [];

    // All in binary32, as PyTorch computes it.
    private static ConvertedTensor Frequencies(ModelConfig config, RopeParameters rope, double absent)
    {
        var width = config.Size("head_dim") ?? config.RequiredSize("hidden_size") / WriteModelKeys.Heads(config);
        var theta = rope.Theta ?? 10000;
        var (factor, low, high) = (
            (float)(rope.Real("factor") ?? absent),
            (float)(rope.Real("low_freq_factor") ?? 1),
            (float)(rope.Real("high_freq_factor") ?? 4)
        );
        var trained = (float)(rope.Real("original_max_position_embeddings") ?? 8192);
        if (width is 0 or > 1 << 16 || factor <= 0 || low <= 0 || high <= low || trained <= 0 || theta <= 0)
            throw config.Fault("rope_scaling", "positive factors, low_freq_factor below high_freq_factor", "others");
        var factors = new float[(width + 1) / 2];
        for (var i = 0; i < factors.Length; i++)
        {
            var frequency = 1 / (float)Math.Pow(theta, 2f * i / width);
            var wave = (float)(2 * Math.PI) / frequency;
            if (wave < trained / high)
                factors[i] = 1;
            else if (wave > trained / low)
                factors[i] = factor;
            else
            {
                var smooth = ((trained / wave) - low) / (high - low);
                factors[i] = 1 / (((1 - smooth) / factor) + smooth);
            }
        }

        return ConvertedTensor.Of("rope_freqs.weight", "rope_scaling", TensorRows.Of(factors));
    }

    /// <summary>Factors for long and short contexts; the magnitude that goes with them is written as a key.</summary>
    /// <exception cref="InputException">The config is malformed.</exception>
    public static IReadOnlyList<ConvertedTensor> Phi3(GgufKeys keys, ModelConfig config, RopeParameters rope)
    {
        if (rope.Reals("long_factor") is not { Length: > 0 } longs)
            return [];
        var shorts = rope.Reals("short_factor") ?? [];
        var trained = WriteModelKeys.OriginalContext(config, rope);
        var scale = (double)config.RequiredSize("n_positions", "max_position_embeddings") / trained;
        var magnitude = rope.Kind switch
        {
            "su" or "longrope" => scale > 1 ? Math.Sqrt(1 + (Math.Log(scale) / Math.Log(trained))) : 1,
            "yarn" => scale > 1 ? (0.1 * Math.Log(scale)) + 1 : 1,
            var other => throw config.Fault("rope_scaling", "type longrope, su or yarn beside its factors", other ?? "no type"),
        };
        var pairs = WriteModelKeys.Phi3RotaryLength(config, rope) / 2.0;
        if (longs.Length != pairs || shorts.Length != pairs)
            throw config.Fault("long_factor", $"{pairs} factors for long and for short contexts", $"{longs.Length} and {shorts.Length}");
        keys.OwnReal("rope.scaling.attn_factor", magnitude);
        return
        [
            ConvertedTensor.Of("rope_factors_long.weight", "long_factor", TensorRows.Of(longs)),
            ConvertedTensor.Of("rope_factors_short.weight", "short_factor", TensorRows.Of(shorts)),
        ];
    }
}
