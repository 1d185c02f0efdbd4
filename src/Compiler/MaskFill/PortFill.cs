using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Import;

namespace TaalasSim.Compiler.MaskFill;

/// <summary>Fills the banks of one matrix with its codes.</summary>
/// <param name="model">Weights.</param>
/// <param name="tensor">The matrix in the model file.</param>
/// <param name="matrix">Which rows of the tensor it is.</param>
/// <param name="format">Its code format.</param>
/// <param name="port">Its banks.</param>
/// <param name="power">Mean squared activation of each input; null weighs all inputs alike.</param>
/// <param name="columnScales">Takes the scale of each output; null for a format that is stored as the file has it.</param>
internal sealed class PortFill(
    ImportedModel model,
    GgufTensor tensor,
    MatrixUse matrix,
    CodeFormat format,
    MatrixPlan port,
    float[]? power,
    float[]? columnScales
)
{
    private readonly bool _merged = model.IsMerged(tensor.Name);

    /// <summary>Contents of the banks of an output segment, by input segment.</summary>
    /// <exception cref="InputException">A weight is not finite.</exception>
    public byte[][] OutputSegment(int output)
    {
        var columns = WeightsLayer.Columns(port, output);
        var banks = new byte[port.InputSegments][];
        for (var i = 0; i < banks.Length; i++)
            banks[i] = new byte[PanelLayout.BankBytes(format, WeightsLayer.Rows(port, i), columns)];
        var notFinite = int.MaxValue;
        // Columns of different panels touch different bytes; within a panel bytes are disjoint too.
        Parallel.For(0, PanelLayout.Panels(columns), panel =>
        {
            var row = new byte[(long)PanelLayout.Blocks(format, port.Inputs) * format.BlockBytes];
            var weights = new float[port.Inputs];
            for (var c = panel * PanelLayout.Columns; c < Math.Min(columns, (panel + 1) * PanelLayout.Columns); c++)
            {
                var o = (output * port.BankColumns) + c;
                if (!TryFillRow(o, weights, row))
                    InterlockedMin(ref notFinite, o);
                Scatter(row, banks, panel, c - (panel * PanelLayout.Columns));
            }
        });
        return notFinite == int.MaxValue
            ? banks
            : throw new InputException(
                $"{tensor.FilePath}: tensor {tensor.Name}: row {matrix.Row(notFinite)} holds a weight or scale that is not finite"
                    + (_merged ? " once the adapter is merged; scale the adapter down" : "; the file is damaged or was converted wrongly")
            );
    }

    /// <summary>Whether all values are finite.</summary>
    public static bool AllFinite(ReadOnlySpan<float> values)
    {
        foreach (var v in values)
            if (!float.IsFinite(v))
                return false;
        return true;
    }

    // The stored codes of one output over all inputs; false when a weight or scale is not finite.
    private bool TryFillRow(int output, float[] weights, byte[] row)
    {
        model.DecodeRow(tensor, matrix.Row(output), weights);
        if (!AllFinite(weights))
            return false;
        if (columnScales is not null)
            columnScales[output] = power is null
                ? ((RomFormat)format).EncodeColumn(weights, row)
                : ((RomFormat)format).EncodeColumn(weights, power, row);
        else if (_merged)
            return TryEncode(tensor.Type, weights, row);
        else
            tensor.Row(matrix.Row(output)).CopyTo(row);
        return true;
    }

    private void Scatter(byte[] row, byte[][] banks, int panel, int column)
    {
        for (var i = 0; i < banks.Length; i++)
        {
            var rows = WeightsLayer.Rows(port, i);
            var from = i * (port.BankRows / format.BlockWeights) * format.BlockBytes;
            var panelBytes = (int)PanelLayout.PanelBytes(format, rows);
            PanelLayout.Scatter(
                format,
                row.AsSpan(from, PanelLayout.Blocks(format, rows) * format.BlockBytes),
                banks[i].AsSpan(panel * panelBytes, panelBytes),
                column
            );
        }
    }

    // Weights with an adapter merged in are encoded again in the tensor's own type.
    private static bool TryEncode(CodeFormat type, float[] weights, byte[] row)
    {
        try
        {
            type.Encode(weights, row);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
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
