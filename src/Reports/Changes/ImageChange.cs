using TaalasSim.ChipModel.Units;
using TaalasSim.Compiler.Export.Masks;

namespace TaalasSim.Reports.Changes;

/// <summary>What has to be made again when one chip image replaces another.</summary>
public sealed record ImageChange
{
    /// <summary>Fields in which fabrics or models differ, as <c>path: first against second</c>; empty when the images can share every base
    /// layer and shape.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>Bits per tensor and via positions per layer.</summary>
    public required ImageDifference Masks { get; init; }

    /// <summary>Whether the fabrics are the same, so that base wafers can be shared.</summary>
    public required bool SameFabric { get; init; }

    /// <summary>Layers to make again: <c>weights</c>, <c>dataflow</c>, or every layer of another fabric.</summary>
    public required IReadOnlyList<string> LayersToMake { get; init; }

    /// <summary>Masks to pay for, USD.</summary>
    public required UncertaintyRange MasksUsd { get; init; }

    /// <summary>From the finished image to cards, weeks; 0 when nothing changes.</summary>
    public required UncertaintyRange Weeks { get; init; }

    /// <summary>Straps and vias compared; changed bits of all comparable tensors.</summary>
    public long ChangedBits => Masks.Tensors.Sum(t => t.Changed);

    /// <summary>Bits compared.</summary>
    public long ComparedBits => Masks.Tensors.Sum(t => t.Bits);
}
