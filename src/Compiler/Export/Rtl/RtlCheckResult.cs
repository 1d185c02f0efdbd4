namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>Outcome of a simulation of the exported Verilog against <see cref="ChipModel.BankStyles.BankArithmetic"/> and the fabric's
/// timing.</summary>
public sealed record RtlCheckResult
{
    /// <summary>Matrix ports simulated.</summary>
    public required int Cases { get; init; }

    /// <summary>Vectors multiplied.</summary>
    public required int Vectors { get; init; }

    /// <summary>Column sums compared.</summary>
    public required int Sums { get; init; }

    /// <summary>Column sums in which an accumulator or an adder of the tree saturated.</summary>
    public required int Saturated { get; init; }

    /// <summary>What differs, one line each: a wrong sum, a result in the wrong cycle, a missing or a surplus result.</summary>
    public required IReadOnlyList<string> Faults { get; init; }
}
