namespace TaalasSim.ChipModel.Technology;

/// <summary>Size of memories.</summary>
public sealed record MemoryConstants
{
    /// <summary>Density of a dense via-programmed ROM array with its decoders, decimal Mb per mm².</summary>
    public required Constant RomMbPerMm2 { get; init; }

    /// <summary>Transistors of the array per stored weight.</summary>
    public required Constant RomTransistorsPerWeight { get; init; }

    /// <summary>Density of an SRAM macro with its periphery, decimal Mb per mm².</summary>
    public required Constant SramMbPerMm2 { get; init; }

    /// <summary>SRAM transistors per bit, periphery included.</summary>
    public required Constant SramTransistorsPerBit { get; init; }

    /// <summary>Register-file area per bit (accumulators of idle columns), µm².</summary>
    public required Constant RegisterFileUm2PerBit { get; init; }
}
