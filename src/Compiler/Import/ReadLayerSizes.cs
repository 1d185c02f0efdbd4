using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Import;

/// <summary>Sizes of models whose layers differ: windowed ones in their heads, some in the width of their feed-forward layer, the last ones
/// in that they have no keys and values of their own (gemma4).</summary>
internal static class ReadLayerSizes
{
    private const string Pattern = "attention.sliding_window_pattern",
        KeyHeads = "attention.head_count_kv",
        Shared = "attention.shared_kv_layers";

    /// <summary>Which layers are windowed.</summary>
    /// <exception cref="InputException">The list is absent or of another length, or not some of the layers are.</exception>
    public static IReadOnlyList<bool> Windowed(ModelKeys keys, int layers)
    {
        bool[] windowed = keys.Find(Pattern) is { Type: GgufValueType.Array } value
            ? ReadRecurrence.Flags(keys, Pattern, value, layers)
            : [];
        return windowed.Contains(true) && windowed.Contains(false)
            ? windowed
            : throw keys.Fault(
                Pattern,
                $"a list of {layers} truth values, some true and some false",
                windowed.Length == 0 ? "none" : "all alike"
            );
    }

    /// <summary>The sizes of a model with what differs from layer to layer.</summary>
    /// <exception cref="InputException">A key is missing or does not fit the others.</exception>
    public static ModelShape From(ModelKeys keys, ModelShape shape, IReadOnlyList<bool> windowed)
    {
        var (layers, plain) = (shape.Layers, windowed.ToList().IndexOf(false));
        var size = shape.HeadSize;
        if (shape.ValueHeadSize != size)
            throw keys.Fault("attention.value_length", $"{size}, as attention.key_length says", shape.ValueHeadSize);
        var windowedSize = keys.Size("attention.key_length_swa", 2, 1 << 16);
        keys.Size("attention.value_length_swa", windowedSize, windowedSize);
        var heads = keys.Has(KeyHeads) ? keys.PerLayer(KeyHeads, layers) : [.. Enumerable.Repeat(shape.Heads, layers)];
        var (kvHeads, windowedHeads) = (heads[plain], heads[windowed.ToList().IndexOf(true)]);
        for (var layer = 0; layer < layers; layer++)
            if (heads[layer] != (windowed[layer] ? windowedHeads : kvHeads))
                throw keys.Fault(KeyHeads, "one number for windowed layers and one for the others", $"{heads[layer]} in layer {layer}");
        foreach (var count in new[] { kvHeads, windowedHeads })
            if (shape.Heads % count != 0)
                throw keys.Fault(KeyHeads, $"divisors of head_count {shape.Heads}", count);
        var widths = shape.Experts > 0 ? [] : keys.PerLayer("feed_forward_length", layers);
        shape = shape with
        {
            KvHeads = kvHeads,
            WindowedKvHeads = windowedHeads == kvHeads ? 0 : windowedHeads,
            WindowedHeadSize = windowedSize == size ? 0 : windowedSize,
            GlobalLayers = IsPeriodic(windowed, shape.SlidingWindowPeriod)
                ? []
                : [.. Enumerable.Range(0, layers).Where(layer => !windowed[layer])],
            FeedForwardLengths = widths.Distinct().Count() > 1 ? widths : [],
            LayerEmbeddingLength = keys.Size("embedding_length_per_layer_input", 0, 1 << 16),
            SharedKvLayers = keys.Size(Shared, 0, layers - 1, 0),
        };
        CheckSources(keys, Shared, shape);
        var full = Enumerable.Range(0, layers).Where(layer => !windowed[layer] && shape.KvSource(layer) == layer);
        return shape with { KeysAreValues = !full.Any(layer => keys.HasTensor($"blk.{layer}.attn_v.weight")) };
    }

    /// <summary>The sizes of a model with copies of its residual stream.</summary>
    /// <exception cref="InputException">The last layers have no earlier ones whose keys and values they could read.</exception>
    public static ModelShape WithStreams(
        ModelKeys keys,
        ModelShape shape,
        Architecture architecture,
        (int Streams, int LowRank, int LayerEmbedding) sizes
    )
    {
        shape = shape with
        {
            ResidualStreams = sizes.Streams,
            LowRank = sizes.LowRank,
            LayerEmbeddingLength = sizes.LayerEmbedding,
            SharedKvLayers = Math.Max(0, shape.Layers - architecture.LayersWithKeys),
        };
        CheckSources(keys, Pattern, shape);
        return shape;
    }

    private static bool IsPeriodic(IReadOnlyList<bool> windowed, int period) =>
        windowed.Select((w, layer) => w == (period > 1 && (layer + 1) % period != 0)).All(fits => fits);

    // llama.cpp takes the last layer with keys of its own for one that sees everything, and the one before it for windowed ones.
    private static void CheckSources(ModelKeys keys, string key, ModelShape shape)
    {
        var own = shape.Layers - shape.SharedKvLayers;
        for (var layer = own; layer < shape.Layers; layer++)
            if (shape.KvSource(layer) != own - (shape.IsWindowed(layer) ? 2 : 1))
                throw keys.Fault(
                    key,
                    $"what leaves a windowed layer and one that sees everything as the last two of the first {own} layers",
                    key == Shared ? shape.SharedKvLayers : shape.SlidingWindowPeriod
                );
    }
}
