using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Technology;

/// <summary>Energy per event at nominal voltage. One ladder (Horowitz 2014 → Jouppi 2021) throughout; never mixed with another in a
/// ratio.</summary>
public sealed record EnergyConstants
{
    /// <summary>ROM read, pJ per bit.</summary>
    [FieldRange(0, 10_000, "pJ/bit")]
    public required Constant RomReadPjPerBit { get; init; }

    /// <summary>Integer addition, pJ per bit of width.</summary>
    [FieldRange(0, 10_000, "pJ/bit")]
    public required Constant AddPjPerBit { get; init; }

    /// <summary>Integer multiplication, pJ per partial-product bit (width × width).</summary>
    [FieldRange(0, 10_000, "pJ/bit2")]
    public required Constant MultiplyPjPerBit2 { get; init; }

    /// <summary>Flip-flop with its local clock, pJ per bit and clocked cycle.</summary>
    [FieldRange(0, 10_000, "pJ/bit")]
    public required Constant FlipFlopPj { get; init; }

    /// <summary>Energy of a clock-gated idle register over a clocked one, fraction.</summary>
    [FieldRange(0, 1, "fraction")]
    public required Constant IdleFraction { get; init; }

    /// <summary>KV SRAM bank access, pJ per bit.</summary>
    [FieldRange(0, 10_000, "pJ/bit")]
    public required Constant SramPjPerBit { get; init; }

    /// <summary>Repeated wire, random data, pJ per bit and mm.</summary>
    [FieldRange(0, 10_000, "pJ/bit/mm")]
    public required Constant WirePjPerBitMm { get; init; }

    /// <summary>Router and link of one tile, pJ per bit and hop.</summary>
    [FieldRange(0, 10_000, "pJ/bit")]
    public required Constant HopPjPerBit { get; init; }

    /// <summary>One element through one vector operation (single precision multiply-add and registers), pJ.</summary>
    [FieldRange(0, 1e6, "pJ")]
    public required Constant VectorOperationPj { get; init; }

    /// <summary>Die-to-die link, pJ per bit.</summary>
    [FieldRange(0, 10_000, "pJ/bit")]
    public required Constant DieToDiePjPerBit { get; init; }
}
