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
            case StateRule.ShortConvolution:
                return keys.LayersAbove0(KeyHeads, run);
            case StateRule.DeltaNet:
                var period = keys.Size("full_attention_interval", 1, int.MaxValue, 4);
                var recurrent = keys.Find(Layers) is { } value
                    ? Flags(keys, value, all)
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
        // Values are as long as keys.
        if (keys.Size("ssm.inner_size", 1, int.MaxValue) is var inner && inner != (long)heads * size)
            throw keys.Fault("ssm.inner_size", $"{(long)heads * size}, the product of ssm.time_step_rank and ssm.state_size", inner);
        return shape with
        {
            ConvolutionLength = keys.Size("ssm.conv_kernel", 2, 1 << 10),
            Recurrence = new RecurrenceShape
            {
                Kind = RecurrenceKind.GatedDeltaNet,
                Heads = heads,
                HeadSize = size,
                StateSize = size,
                Groups = groups,
            },
        };
    }

    // A list for all layers, or one value for every layer.
    private static bool[] Flags(ModelKeys keys, GgufValue value, int layers)
    {
        if (value.Type != GgufValueType.Array)
            return
            [
                .. Enumerable.Repeat(
                    value.Type == GgufValueType.Bool ? value.Scalar<bool>() : keys.Size(Layers, 0, int.MaxValue) > 0,
                    layers
                ),
            ];
        bool[] list =
            value.ElementType == GgufValueType.Bool ? [.. value.Array<bool>()] : [.. keys.Integers(value).Select(number => number != 0)];
        return list.Length == layers ? list : throw keys.Fault(Layers, $"{layers} values", $"{list.Length} values");
    }
}
