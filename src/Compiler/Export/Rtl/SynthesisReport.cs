namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>A bank mapped on a cell library, without its ROM array, its register file and its wires.</summary>
public sealed record SynthesisReport
{
    /// <summary>Cells of the whole bank.</summary>
    public required long Cells { get; init; }

    /// <summary>Cell area of the whole bank, µm² (the unit of the library's <c>area</c>).</summary>
    public required double AreaUm2 { get; init; }

    /// <summary>Cell area of one column with its decoder and its latch, µm².</summary>
    public required double ColumnAreaUm2 { get; init; }

    /// <summary>Cell area of one scale unit, µm².</summary>
    public required double ScaleUnitAreaUm2 { get; init; }

    /// <summary>Cell area of the product generator, µm².</summary>
    public required double ProductsAreaUm2 { get; init; }

    /// <summary>Cell area of what is left of the bank: counters, flags, turns, the sum of halves, broadcast registers, µm².</summary>
    public required double SequencerAreaUm2 { get; init; }

    /// <summary>Gates on the longest path between two registers.</summary>
    public required int LongestPathGates { get; init; }

    /// <summary>Module with that path.</summary>
    public required string LongestPathModule { get; init; }
}
