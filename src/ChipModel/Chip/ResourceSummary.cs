namespace TaalasSim.ChipModel.Chip;

/// <summary>Use of the fabric, for people.</summary>
public sealed record ResourceSummary
{
    public required int SitesUsed { get; init; }

    public required int SitesAvailable { get; init; }

    /// <summary>Weights in banks.</summary>
    public required long Weights { get; init; }

    /// <summary>Code and scale bits on the weights layer, without unused columns.</summary>
    public required long WeightsLayerBits { get; init; }

    /// <summary>Vias on the weights layer: stored bits that are one.</summary>
    public required long WeightsLayerVias { get; init; }

    /// <summary>Straps on the dataflow layer that are one.</summary>
    public required long DataflowLayerStraps { get; init; }

    /// <summary>Bytes of keys and values per token at the fabric's KV precision.</summary>
    public required long KvBytesPerToken { get; init; }

    /// <summary>Tokens of keys and values that the SRAM of all dies holds.</summary>
    public required long KvCapacityTokens { get; init; }
}
