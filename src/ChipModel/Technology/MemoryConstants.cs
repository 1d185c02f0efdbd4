using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Technology;

/// <summary>Size of memories.</summary>
public sealed record MemoryConstants
{
    /// <summary>Density of a dense via-programmed ROM array with its decoders, decimal Mb per mm².</summary>
    [FieldRange(0.001, 1e5, "Mb/mm2")]
    public required Constant RomMbPerMm2 { get; init; }

    /// <summary>Transistors of the array per stored weight.</summary>
    [FieldRange(0, 1000, "transistors")]
    public required Constant RomTransistorsPerWeight { get; init; }

    /// <summary>Density of an SRAM macro with its periphery, decimal Mb per mm².</summary>
    [FieldRange(0.001, 1e5, "Mb/mm2")]
    public required Constant SramMbPerMm2 { get; init; }

    /// <summary>SRAM transistors per bit, periphery included.</summary>
    [FieldRange(0, 1000, "transistors")]
    public required Constant SramTransistorsPerBit { get; init; }

    /// <summary>Register-file area per bit (accumulators of idle columns), µm².</summary>
    [FieldRange(0.00001, 10_000, "um2")]
    public required Constant RegisterFileUm2PerBit { get; init; }
}
