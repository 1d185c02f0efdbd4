using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>Network on chip and the reduction of partial sums.</summary>
public sealed record NetworkSpec
{
    /// <summary>Cycles for one hop between neighbouring tiles, wire and router.</summary>
    [FieldRange(0.01, 1000, "cycles")]
    public required double CyclesPerHop { get; init; }

    /// <summary>Bits that one link moves per cycle.</summary>
    [FieldRange(1, 1 << 20, "bit")]
    public required int LinkBits { get; init; }

    /// <summary>Cycles of one level of the reduction tree (add and register).</summary>
    [FieldRange(0, 1000, "cycles")]
    public required int ReductionCyclesPerLevel { get; init; }

    /// <summary>Bits of one partial sum on the reduction network.</summary>
    [FieldRange(8, 64, "bit")]
    public required int PartialSumBits { get; init; }

    /// <summary>Links that join one vector cluster to the network; broadcast and collection of a layer share them.</summary>
    [FieldRange(1, 1 << 16, "links")]
    public int VectorLinks { get; init; } = 16;

    /// <summary>Slots whose activations a layer can hold; the layer before sends a slot on only when one is free (credits).</summary>
    [FieldRange(1, 1 << 16, "slots")]
    public int LayerBuffers { get; init; } = 32;

    /// <summary>Extra cycles to cross from die to die, and bits per cycle of that link; unused with one die.</summary>
    [FieldRange(0, 1e6, "cycles")]
    public double DieToDieCycles { get; init; }

    /// <inheritdoc cref="DieToDieCycles"/>
    [FieldRange(1, 1 << 20, "bit")]
    public int DieToDieBits { get; init; } = 1024;
}
