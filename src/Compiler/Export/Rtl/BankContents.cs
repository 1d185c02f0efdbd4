using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;

namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>What a bank's ROM holds, as numbers.</summary>
/// <param name="Codes">Signed codes [column][row]; the rows and columns that the weights layer has.</param>
/// <param name="Scales">Block scales [column][block].</param>
public sealed record BankContents(int[][] Codes, byte[][] Scales)
{
    /// <summary>Reads the bank on a site.</summary>
    /// <param name="image">Chip.</param>
    /// <param name="site">A site with a bank in one of the fabric's formats.</param>
    /// <exception cref="InputException">The bank is in a format of GGUF.</exception>
    public static BankContents Of(MaskImage image, int site)
    {
        var strap = image.Straps[site];
        var port = image.Ports[strap.Matrix];
        var format = CodeFormats.Named(port.Format);
        if (format.GgmlType >= 0)
            throw new InputException(
                $"port {port.Name} is stored as {port.Format}, which the banks' Verilog does not decode; compile with --weights rom4 "
                    + "or another rom format"
            );
        var (rows, columns) = (WeightsLayer.Rows(port, strap.InputSegment), WeightsLayer.Columns(port, strap.OutputSegment));
        var bank = image.Bank(site);
        var panelBytes = (int)PanelLayout.PanelBytes(format, rows);
        var blocks = PanelLayout.Blocks(format, rows);
        var column = new byte[blocks * format.BlockBytes];
        var contents = new BankContents(new int[columns][], new byte[columns][]);
        for (var c = 0; c < columns; c++)
        {
            PanelLayout.Gather(format, bank.AsSpan(c / PanelLayout.Columns * panelBytes, panelBytes), c % PanelLayout.Columns, column);
            var (codes, scales) = (contents.Codes[c] = new int[rows], contents.Scales[c] = new byte[blocks]);
            for (var b = 0; b < blocks; b++)
                scales[b] = column[b * format.BlockBytes];
            for (var r = 0; r < rows; r++)
                codes[r] = RomFormat.Code(
                    column.AsSpan(r / BankArithmetic.BlockRows * format.BlockBytes, format.BlockBytes),
                    r % BankArithmetic.BlockRows,
                    format.CodeBits
                );
        }

        return contents;
    }
}
