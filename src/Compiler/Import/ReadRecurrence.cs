using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Import;

/// <summary>Sizes of layers that keep a state, and which they are.</summary>
internal static class ReadRecurrence
{
    private const string Layers = "attention.recurrent_layers",
        KeyHeads = "attention.head_count_kv";

    /// <summary>Layers with attention; empty: all.</summary>
    /// <param name="keys">Keys of the file.</param>
    /// <param name="architecture">Its architecture.</param>
    /// <param name="run">Layers that are run.</param>
    /// <param name="all">Layers of the file, with those that guess ahead.</param>
    /// <exception cref="InputException">A key is missing or of the wrong form, or there is no layer of each kind.</exception>
    public static IReadOnlyList<int> AttentionLayers(ModelKeys keys, Architecture architecture, int run, int all)
    {
        switch (architecture.States)
        {
            case StateRule.ShortConvolution or StateRule.Mamba2:
                return keys.LayersAbove0(KeyHeads, run, all);
            case StateRule.Mamba2OrFeedForward:
                int[] withKeys = [.. keys.LayersAbove0(KeyHeads, run, all).Except(FeedForwardLayers(keys, architecture, run, all))];
                return withKeys.Length > 0 ? withKeys : throw keys.Fault(KeyHeads, "a layer that is attention alone", "none");
            case StateRule.DeltaNet:
                var period = keys.Size("full_attention_interval", 1, int.MaxValue, 4);
                var recurrent = keys.Find(Layers) is { } value
                    ? Flags(keys, Layers, value, all)
                    : [.. Enumerable.Range(1, all).Select(layer => layer % period != 0)];
                int[] attention = [.. Enumerable.Range(0, run).Where(layer => !recurrent[layer])];
                return attention.Length > 0 && attention.Length < run
                    ? attention
                    : throw keys.Fault(
                        keys.Has(Layers) ? Layers : "full_attention_interval",
                        $"some of {run} layers with attention and some without",
                        $"{attention.Length} with it"
                    );
            default:
                return [];
        }
    }

    /// <summary>Layers that are a feed-forward layer alone; empty: none is.</summary>
    /// <exception cref="InputException">A key is missing or of the wrong form, or there is no layer of each kind.</exception>
    public static IReadOnlyList<int> FeedForwardLayers(ModelKeys keys, Architecture architecture, int run, int all) =>
        architecture.States == StateRule.Mamba2OrFeedForward ? keys.LayersAbove0("feed_forward_length", run, all) : [];

    /// <summary>The sizes of a model with those of its states.</summary>
    /// <exception cref="InputException">A key is missing or does not fit the others.</exception>
    public static ModelShape From(ModelKeys keys, Architecture architecture, ModelShape shape)
    {
        if (architecture.States == StateRule.None)
            return shape;
        if (architecture.States == StateRule.ShortConvolution)
            return shape with { ConvolutionLength = keys.Size("shortconv.l_cache", 2, 1 << 10) };
        var heads = keys.Size("ssm.time_step_rank", 1, 1 << 16);
        var size = keys.Size("ssm.state_size", 1, 1 << 16);
        var groups = keys.Size("ssm.group_count", 1, heads);
        if (heads % groups != 0)
            throw keys.Fault("ssm.group_count", $"a divisor of ssm.time_step_rank {heads}", groups);
        var recurrence = new RecurrenceShape
        {
            Kind = architecture.States == StateRule.DeltaNet ? RecurrenceKind.GatedDeltaNet : RecurrenceKind.Mamba2,
            Heads = heads,
            HeadSize = Inner(keys, architecture, shape, heads, size) / heads,
            StateSize = size,
            Groups = groups,
            BesideAttention = architecture.States == StateRule.Mamba2BesideAttention,
        };
        // Widths of operators are counted in 32 bits.
        return DescriptionCheck.Faults(recurrence) is [var odd, ..]
            ? throw keys.Fault("ssm.inner_size", "states that a chip could hold", odd.Text)
            : shape with
            {
                ConvolutionLength = keys.Size("ssm.conv_kernel", 2, 1 << 10),
                Recurrence = recurrence,
            };
    }

    private static int Inner(ModelKeys keys, Architecture architecture, ModelShape shape, int heads, int size)
    {
        const string Key = "ssm.inner_size";
        var inner = keys.Size(Key, 1, ModelKeys.MaximumWidth);
        // Values of a delta net are as long as keys.
        if (architecture.States == StateRule.DeltaNet && inner != (long)heads * size)
            throw keys.Fault(Key, $"{(long)heads * size}, the product of ssm.time_step_rank and ssm.state_size", inner);
        if (architecture.DoublesStateWidth && inner != 2 * shape.EmbeddingLength)
            throw keys.Fault(Key, $"{2 * shape.EmbeddingLength}, twice embedding_length", inner);
        return inner % heads == 0 ? inner : throw keys.Fault(Key, $"a multiple of ssm.time_step_rank {heads}", inner);
    }

    // A list for all layers, or one value for every layer.
    /// <summary>A truth value for each layer.</summary>
    internal static bool[] Flags(ModelKeys keys, string key, GgufValue value, int layers)
    {
        if (value.Type != GgufValueType.Array)
            return
            [
                .. Enumerable.Repeat(value.Type == GgufValueType.Bool ? value.Scalar<bool>() : keys.Size(key, 0, int.MaxValue) > 0, layers),
            ];
        bool[] list =
            value.ElementType == GgufValueType.Bool ? [.. value.Array<bool>()] : [.. keys.Integers(value).Select(number => number != 0)];
        return list.Length == layers ? list : throw keys.Fault(key, $"{layers} values", $"{list.Length} values");
    }
}
