using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.Gguf.Rewrite;
using TaalasSim.Compiler.Graph;

namespace TaalasSim.Compiler.MaskFill;

/// <summary>Fills the banks of one matrix with its codes.</summary>
/// <param name="rows">Rows of the tensor.</param>
/// <param name="matrix">Which rows of the tensor it is.</param>
/// <param name="format">Its code format.</param>
/// <param name="port">Its banks.</param>
/// <param name="power">Mean squared activation of each input; null weighs all inputs alike.</param>
/// <param name="columnScales">Takes the scale of each output; null for a format that is stored as the file has it.</param>
internal sealed class PortFill(
    IMatrixRows rows,
    MatrixUse matrix,
    CodeFormat format,
    MatrixPlan port,
    float[]? power,
    float[]? columnScales
)
{
    // Rows that are not in the file as they will be in ROM.
    private readonly bool _encoded = columnScales is null && (format != rows.Type || rows.IsMerged);

    /// <summary>Contents of the banks of an output segment, by input segment.</summary>
    /// <exception cref="InputException">A weight is not finite, or too large for the format.</exception>
    public byte[][] OutputSegment(int output)
    {
        var columns = WeightsLayer.Columns(port, output);
        var banks = new byte[port.InputSegments][];
        for (var i = 0; i < banks.Length; i++)
            banks[i] = new byte[PanelLayout.BankBytes(format, WeightsLayer.Rows(port, i), columns)];
        var faulty = int.MaxValue;
        // Columns of different panels touch different bytes; within a panel bytes are disjoint too.
        Parallel.For(0, PanelLayout.Panels(columns), panel =>
        {
            var row = new byte[(long)PanelLayout.Blocks(format, port.Inputs) * format.BlockBytes];
            var (weights, decoded) = (new float[port.Inputs], new float[_encoded ? port.Inputs : 0]);
            for (var c = panel * PanelLayout.Columns; c < Math.Min(columns, (panel + 1) * PanelLayout.Columns); c++)
            {
                var o = (output * port.BankColumns) + c;
                if (RowFault(o, weights, row, decoded) is not null)
                    InterlockedMin(ref faulty, o);
                Scatter(row, banks, panel, c - (panel * PanelLayout.Columns));
            }
        });
        return faulty == int.MaxValue ? banks : throw Fault(faulty);
    }

    /// <summary>Whether all values are finite.</summary>
    public static bool AllFinite(ReadOnlySpan<float> values)
    {
        foreach (var v in values)
            if (!float.IsFinite(v))
                return false;
        return true;
    }

    // Makes the stored codes of one output over all inputs; says what stands in the way, or null.
    private string? RowFault(int output, float[] weights, byte[] row, float[] decoded)
    {
        rows.Decode(matrix.Row(output), weights);
        if (!AllFinite(weights))
            return "holds a weight or scale that is not finite"
                + (
                    rows.IsMerged ? " once the adapter is merged; scale the adapter down" : "; the file is damaged or was converted wrongly"
                );
        if (_encoded)
            return EncodeRow.Fault(weights, [], format, row, decoded) is { } fault
                ? $"{fault}; choose a format of wider range than {format}" + (rows.IsMerged ? ", or scale the adapter down" : "")
                : null;
        if (columnScales is null)
            rows.Stored(matrix.Row(output)).CopyTo(row);
        else
            columnScales[output] = power is null
                ? ((RomFormat)format).EncodeColumn(weights, row)
                : ((RomFormat)format).EncodeColumn(weights, power, row);
        return null;
    }

    private InputException Fault(int output)
    {
        var fault = RowFault(
            output,
            new float[port.Inputs],
            new byte[(long)PanelLayout.Blocks(format, port.Inputs) * format.BlockBytes],
            new float[port.Inputs]
        );
        return new InputException($"{rows.Place}: row {matrix.Row(output)}: {fault}");
    }

    private void Scatter(byte[] row, byte[][] banks, int panel, int column)
    {
        for (var i = 0; i < banks.Length; i++)
        {
            var held = WeightsLayer.Rows(port, i);
            var from = i * (port.BankRows / format.BlockWeights) * format.BlockBytes;
            var panelBytes = (int)PanelLayout.PanelBytes(format, held);
            PanelLayout.Scatter(
                format,
                row.AsSpan(from, PanelLayout.Blocks(format, held) * format.BlockBytes),
                banks[i].AsSpan(panel * panelBytes, panelBytes),
                column
            );
        }
    }

    private static void InterlockedMin(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value < seen; )
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }
}
