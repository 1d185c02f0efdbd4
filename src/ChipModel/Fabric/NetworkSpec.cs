namespace TaalasSim.ChipModel.Fabric;

/// <summary>Network on chip and the reduction of partial sums.</summary>
public sealed record NetworkSpec
{
    /// <summary>Cycles for one hop between neighbouring tiles, wire and router.</summary>
    public required double CyclesPerHop { get; init; }

    /// <summary>Bits that one link moves per cycle.</summary>
    public required int LinkBits { get; init; }

    /// <summary>Cycles of one level of the reduction tree (add and register).</summary>
    public required int ReductionCyclesPerLevel { get; init; }

    /// <summary>Bits of one partial sum on the reduction network.</summary>
    public required int PartialSumBits { get; init; }

    /// <summary>Links that join one vector cluster to the network; broadcast and collection of a layer share them.</summary>
    public int VectorLinks { get; init; } = 16;

    /// <summary>Slots whose activations a layer can hold; the layer before sends a slot on only when one is free (credits).</summary>
    public int LayerBuffers { get; init; } = 32;

    /// <summary>Extra cycles to cross from die to die, and bits per cycle of that link; unused with one die.</summary>
    public double DieToDieCycles { get; init; }

    /// <inheritdoc cref="DieToDieCycles"/>
    public int DieToDieBits { get; init; } = 1024;
}
