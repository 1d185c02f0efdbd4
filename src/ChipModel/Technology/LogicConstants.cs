using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Technology;

/// <summary>Size of digital logic, in gate equivalents (one two-input NAND, four transistors).</summary>
public sealed record LogicConstants
{
    /// <summary>Area of one gate equivalent at the library's peak density, µm².</summary>
    [FieldRange(0.0001, 10_000, "um2")]
    public required Constant GateEquivalentUm2 { get; init; }

    /// <summary>Placed cell area over row area, 0…1.</summary>
    [FieldRange(0.01, 1, "fraction")]
    public required Constant Utilisation { get; init; }

    /// <summary>The same for the abutted datapath of a bank's columns, 0…1.</summary>
    [FieldRange(0.01, 1, "fraction")]
    public required Constant DatapathUtilisation { get; init; }

    /// <summary>Full adder in gate equivalents.</summary>
    [FieldRange(0.01, 1e5, "GE")]
    public required Constant FullAdderGe { get; init; }

    /// <summary>Flip-flop in gate equivalents.</summary>
    [FieldRange(0.01, 1e5, "GE")]
    public required Constant FlipFlopGe { get; init; }

    /// <summary>Latch in gate equivalents.</summary>
    [FieldRange(0.01, 1e5, "GE")]
    public required Constant LatchGe { get; init; }

    /// <summary>Two-input exclusive or in gate equivalents.</summary>
    [FieldRange(0.01, 1e5, "GE")]
    public required Constant XorGe { get; init; }

    /// <summary>Two-input and in gate equivalents.</summary>
    [FieldRange(0.01, 1e5, "GE")]
    public required Constant AndGe { get; init; }

    /// <summary>Inverter in gate equivalents.</summary>
    [FieldRange(0.01, 1e5, "GE")]
    public required Constant InverterGe { get; init; }

    /// <summary>One input of one bit of a selector with decoded choice, in gate equivalents.</summary>
    [FieldRange(0.01, 1e5, "GE")]
    public required Constant SelectorInputGe { get; init; }

    /// <summary>One single-precision vector lane (multiply, add, registers, share of the function tables), in gate equivalents.</summary>
    [FieldRange(1, 1e7, "GE")]
    public required Constant VectorLaneGe { get; init; }

    /// <summary>Transistors of one gate equivalent.</summary>
    [FieldRange(1, 100, "transistors")]
    public required Constant TransistorsPerGe { get; init; }
}
