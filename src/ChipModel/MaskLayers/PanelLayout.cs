using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.ChipModel.MaskLayers;

/// <summary>
/// Order of the bits in a bank of the weights layer: panels of sixteen columns; in a panel, block after block along the inputs; in a block,
/// unit after unit (<see cref="CodeFormat.Units"/>); in a unit, the sixteen columns side by side. ROM columns lie side by side on the die,
/// and sixteen SIMD lanes read them so.
/// </summary>
public static class PanelLayout
{
    /// <summary>Columns per panel. Columns that a matrix does not fill hold zero bits.</summary>
    public const int Columns = BankSpec.PanelColumns;

    /// <summary>Bytes of one block row of a panel: sixteen blocks.</summary>
    public static int BlockRowBytes(CodeFormat format) => Columns * format.BlockBytes;

    /// <summary>Panels that <paramref name="columns"/> columns need.</summary>
    public static int Panels(int columns) => (columns + Columns - 1) / Columns;

    /// <summary>Blocks along <paramref name="rows"/> inputs; the last may be partly filled.</summary>
    public static int Blocks(CodeFormat format, int rows) => (rows + format.BlockWeights - 1) / format.BlockWeights;

    /// <summary>Bytes of one panel of a bank that holds <paramref name="rows"/> inputs.</summary>
    public static long PanelBytes(CodeFormat format, int rows) => (long)Blocks(format, rows) * BlockRowBytes(format);

    /// <summary>Bytes of a bank that holds <paramref name="rows"/> inputs of <paramref name="columns"/> outputs.</summary>
    public static long BankBytes(CodeFormat format, int rows, int columns) => Panels(columns) * PanelBytes(format, rows);

    /// <summary>Writes one column's blocks into a panel.</summary>
    /// <param name="format">Code format.</param>
    /// <param name="blocks">Blocks of one column: n·B bytes in GGUF order.</param>
    /// <param name="panel">The panel: n block rows.</param>
    /// <param name="column">Column in the panel, 0…15.</param>
    public static void Scatter(CodeFormat format, ReadOnlySpan<byte> blocks, Span<byte> panel, int column)
    {
        var count = blocks.Length / format.BlockBytes;
        for (int b = 0, source = 0, row = 0; b < count; b++, row += BlockRowBytes(format))
        {
            var offset = row;
            foreach (var unit in format.Units)
            {
                blocks.Slice(source, unit).CopyTo(panel.Slice(offset + (column * unit), unit));
                source += unit;
                offset += Columns * unit;
            }
        }
    }

    /// <summary>Reads one column's blocks back out of a panel; the inverse of <see cref="Scatter"/>.</summary>
    public static void Gather(CodeFormat format, ReadOnlySpan<byte> panel, int column, Span<byte> blocks)
    {
        var count = blocks.Length / format.BlockBytes;
        for (int b = 0, target = 0, row = 0; b < count; b++, row += BlockRowBytes(format))
        {
            var offset = row;
            foreach (var unit in format.Units)
            {
                panel.Slice(offset + (column * unit), unit).CopyTo(blocks[target..]);
                target += unit;
                offset += Columns * unit;
            }
        }
    }
}
