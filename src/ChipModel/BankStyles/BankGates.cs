namespace TaalasSim.ChipModel.BankStyles;

/// <summary>
/// Logic of one bank in gate equivalents, part by part as the exported Verilog has it (docs/rtl.md); the array that holds the weights, its
/// row decoder and the register file of the accumulators are not in it. Nothing is fitted: cells are counted from the structure and
/// multiplied by the library's cell areas.
/// </summary>
public readonly record struct BankGates
{
    /// <summary>One column: decoder, selector, adder, register and latch of its block sum.</summary>
    public required double ColumnGe { get; init; }

    /// <summary>One scale unit: choice of a column, subtraction of the common excess, multiplier by the scale, saturating
    /// accumulator.</summary>
    public double ScaleUnitGe { get; init; }

    /// <summary>Scale units of the bank.</summary>
    public int ScaleUnits { get; init; }

    /// <summary>Products, formed once a bank.</summary>
    public required double ProductsGe { get; init; }

    /// <summary>Row counter, flags, turns of the scale units, common excess, registers of the broadcast.</summary>
    public required double SequencerGe { get; init; }

    /// <summary>Columns of the bank.</summary>
    public required int Columns { get; init; }

    /// <summary>Columns and scale units.</summary>
    public double ColumnsGe => (Columns * ColumnGe) + (ScaleUnits * ScaleUnitGe);

    /// <summary>The whole bank.</summary>
    public double TotalGe => ColumnsGe + ProductsGe + SequencerGe;
}
