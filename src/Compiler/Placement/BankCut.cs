using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;

namespace TaalasSim.Compiler.Placement;

/// <summary>How large a piece of a matrix one bank of a fabric holds in a code format.</summary>
/// <param name="Rows">Inputs per bank.</param>
/// <param name="Columns">Outputs per bank.</param>
public readonly record struct BankCut(int Rows, int Columns)
{
    /// <summary>
    /// Rows are the fabric's, down to whole scale blocks; columns are as many panels of sixteen as the bank's ROM bits hold, and never more
    /// than it has accumulators.
    /// </summary>
    /// <exception cref="InputException">One block or one panel is larger than a bank.</exception>
    public static BankCut For(BankSpec bank, CodeFormat format)
    {
        var rows = bank.Rows / format.BlockWeights * format.BlockWeights;
        if (rows == 0)
            throw new InputException(
                $"format {format.Name}: a block of {format.BlockWeights} weights does not fit a bank of {bank.Rows} rows; choose a "
                    + $"fabric with at least {format.BlockWeights} rows or --weights rom4"
            );
        var columns = (int)(bank.Columns * bank.RomBitsPerWeight * bank.Rows / (rows * format.BitsPerWeight));
        columns = Math.Min(columns, bank.Columns) / PanelLayout.Columns * PanelLayout.Columns;
        if (columns == 0)
            throw new InputException(
                $"format {format.Name}: sixteen columns of {format.BitsPerWeight:0.##} bits do not fit a bank of {bank.Columns} "
                    + $"columns × {bank.RomBitsPerWeight:0.##} bits; choose a narrower format such as --weights rom4"
            );
        return new BankCut(rows, columns);
    }
}
