using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Chip;

/// <summary>Use of the fabric, for people.</summary>
public sealed record ResourceSummary
{
    /// <summary>Sites with a bank.</summary>
    [FieldRange(0, 1 << 24, "sites")]
    public required int SitesUsed { get; init; }

    /// <summary>Sites of all dies.</summary>
    [FieldRange(0, 1 << 24, "sites")]
    public required int SitesAvailable { get; init; }

    /// <summary>Weights in banks.</summary>
    [FieldRange(0, 1L << 50, "weights")]
    public required long Weights { get; init; }

    /// <summary>Code and scale bits on the weights layer, without unused columns.</summary>
    [FieldRange(0, 1L << 50, "bit")]
    public required long WeightsLayerBits { get; init; }

    /// <summary>Vias on the weights layer: stored bits that are one.</summary>
    [FieldRange(0, 1L << 50, "vias")]
    public required long WeightsLayerVias { get; init; }

    /// <summary>Straps on the dataflow layer that are one.</summary>
    [FieldRange(0, 1L << 50, "straps")]
    public required long DataflowLayerStraps { get; init; }

    /// <summary>Bytes of keys and values per token at the fabric's KV precision.</summary>
    [FieldRange(0, 1L << 50, "B")]
    public required long KvBytesPerToken { get; init; }

    /// <summary>Tokens of keys and values that the SRAM of all dies holds.</summary>
    [FieldRange(0, 1L << 50, "tokens")]
    public required long KvCapacityTokens { get; init; }
}
