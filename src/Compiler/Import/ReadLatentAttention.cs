using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Import;

/// <summary>Sizes and factors of multi-head latent attention (deepseek2, mistral4).</summary>
internal static class ReadLatentAttention
{
    /// <summary>The sizes of a model with those of its latent vectors.</summary>
    /// <param name="keys">Keys of the file.</param>
    /// <param name="shape">Sizes read so far; heads are those of what is stored: one key head.</param>
    /// <param name="layers">Layers of the file, with those that guess ahead.</param>
    /// <exception cref="InputException">A key is missing or does not fit the others.</exception>
    public static ModelShape From(ModelKeys keys, ModelShape shape, int layers)
    {
        var rank = keys.Size("attention.kv_lora_rank", 1, ModelKeys.MaximumWidth);
        if (!keys.Has("attention.key_length_mla") && keys.HasTensor("blk.0.attn_kv_b.weight"))
            throw keys.Fault("attention.key_length_mla", "the size of an expanded key; convert the model again", "absent");
        var head = keys.Size("attention.key_length_mla", 2, 1 << 16);
        var rope = keys.Size("rope.dimension_count", 2, head - 1);
        Require("attention.key_length", rank + rope, shape.HeadSize);
        Require("attention.value_length", rank, shape.EffectiveValueHeadSize);
        Require("attention.head_count_kv", 1, shape.KvHeads);
        return shape with
        {
            KvHeads = shape.Heads,
            HeadSize = head,
            ValueHeadSize = keys.Size("attention.value_length_mla", 1, 1 << 16),
            KvLatentRank = rank,
            QueryLatentRank = IsLite(keys, shape, layers) ? 0 : keys.Size("attention.q_lora_rank", 0, ModelKeys.MaximumWidth),
            RopeHeadSize = rope,
        };

        void Require(string key, int expected, int found)
        {
            if (found != expected)
                throw keys.Fault(key, $"{expected}, as one vector is kept for all heads", found);
        }
    }

    // llama.cpp tells DeepSeek-V2-Lite, GigaChat3 and Kanana 2, whose queries are not compressed, by these numbers.
    private static bool IsLite(ModelKeys keys, ModelShape shape, int layers) =>
        layers is 26 or 27 || (layers == 48 && keys.Size("vocab_size", 0, int.MaxValue, shape.VocabularySize) == 128256);

    /// <summary>Whether llama.cpp takes a file that names no function of its router for GLM-4.7-Flash, whose router takes
    /// sigmoids.</summary>
    public static bool HasSigmoidRouter(ModelKeys keys, ModelShape shape, int layers) =>
        layers is 47 or 48 && keys.Size("vocab_size", 0, int.MaxValue, shape.VocabularySize) == 154880;

    /// <summary>Traits with the factors of YaRN. The logarithm's multiple, as files hold it, is times 0.1 and counts twice in the scale of
    /// the scores; deepseek2 takes it out of the magnitude of the rotation again.</summary>
    public static ModelTraits Scaled(ModelTraits traits, ModelKeys keys, Architecture architecture, ModelShape shape)
    {
        var multiplier = keys.Real("rope.scaling.yarn_log_multiplier", 0) / 0.1f;
        traits = traits with
        {
            YarnLogMultiplier = multiplier != 0 && architecture.Name == "deepseek2" ? 1 : multiplier,
            AttentionTemperatureScale = keys.Real("attention.temperature_scale", 0),
            AttentionTemperatureLength = 0,
        };
        if (traits.AttentionTemperatureScale != 0)
            traits = traits with { AttentionTemperatureLength = keys.Size("attention.temperature_length", 1, int.MaxValue) };
        // The rounding of every step is llama.cpp's.
        var stretch = 1 / (1 / traits.RopeScalingFactor);
        var original = traits.AttentionFactor * (1 + (0.1f * MathF.Log(stretch)));
        var magnitude = original * (1 + (0.1f * multiplier * MathF.Log(stretch)));
        return traits with { AttentionScale = magnitude * magnitude / MathF.Sqrt(shape.HeadSize) };
    }
}
