using System.Numerics;
using System.Runtime.InteropServices;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Import;
using TaalasSim.Compiler.Placement;
using TaalasSim.Compiler.Quantize;

namespace TaalasSim.Compiler.MaskFill;

/// <summary>Fills the weights layer: the codes of every bank and the vector ROM.</summary>
public static class FillWeightsLayer
{
    /// <summary>Name of the vector with a port's column scales.</summary>
    public static string ColumnScalesName(string port) => port + ".column_scales";

    /// <summary>Vectors that the chip needs: those of the graph, then the column scales of ports in fabric formats.</summary>
    public static IReadOnlyList<VectorEntry> Vectors(ModelGraph graph, IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> formats) =>
        [
            .. MatrixList.Vectors(graph),
            .. formats
                .Where(f => f.Format.GgmlType < 0)
                .Select(f => new VectorEntry { Name = ColumnScalesName(f.Matrix.PortName), Count = f.Matrix.Outputs }),
        ];

    /// <summary>Writes the layer.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="model">Weights.</param>
    /// <param name="placement">Sites of every port.</param>
    /// <param name="formats">Code format of each matrix.</param>
    /// <param name="vectors">Vectors of the vector ROM.</param>
    /// <param name="layout">Places in the file.</param>
    /// <param name="power">Mean squared activation of each input by port, which fabric formats are then fitted to; null weighs all inputs
    /// alike.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>Bits that are one: vias.</returns>
    public static long Write(
        Stream stream,
        ImportedModel model,
        PlacedModel placement,
        IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> formats,
        IReadOnlyList<VectorEntry> vectors,
        WeightsLayer layout,
        IReadOnlyDictionary<string, float[]>? power,
        IProgress<double>? progress,
        CancellationToken cancel
    )
    {
        stream.Write(layout.Header());
        long vias = 0;
        var scales = new Dictionary<string, float[]>(StringComparer.Ordinal);
        var portsDone = 0;
        foreach (var port in placement.Plan.Matrices)
        {
            var (matrix, format) = formats[port.Id];
            var columnScales = format.GgmlType < 0 ? scales[ColumnScalesName(port.Name)] = new float[port.Outputs] : null;
            var tensor = model.Tensor(matrix.Tensor);
            var sites = placement.SitesOfPort[port.Id];
            for (var output = 0; output < port.OutputSegments; output++)
            {
                cancel.ThrowIfCancellationRequested();
                var banks = FillOutputSegment(
                    model,
                    tensor,
                    matrix,
                    format,
                    port,
                    output,
                    power?.GetValueOrDefault(port.Name),
                    columnScales
                );
                for (var input = 0; input < banks.Length; input++)
                {
                    stream.Position = layout.SiteOffsets[sites[(output * port.InputSegments) + input]];
                    stream.Write(banks[input]);
                    vias += Ones(banks[input]);
                }
            }

            progress?.Report((double)++portsDone / placement.Plan.Matrices.Count);
        }

        stream.Position = layout.VectorOffset;
        foreach (var vector in vectors)
        {
            var values = scales.TryGetValue(vector.Name, out var s) ? s : ReadVector(model.Tensor(vector.Name), vector.Count);
            var bytes = MemoryMarshal.AsBytes<float>(values);
            stream.Write(bytes);
            vias += Ones(bytes);
        }

        stream.SetLength(layout.FileBytes);
        return vias;
    }

    private static byte[][] FillOutputSegment(
        ImportedModel model,
        GgufTensor tensor,
        MatrixUse matrix,
        CodeFormat format,
        MatrixPlan port,
        int output,
        float[]? power,
        float[]? columnScales
    )
    {
        var banks = new byte[port.InputSegments][];
        for (var i = 0; i < banks.Length; i++)
            banks[i] = new byte[PanelLayout.BankBytes(format, WeightsLayer.Rows(port, i), WeightsLayer.Columns(port, output))];
        var columns = WeightsLayer.Columns(port, output);
        var notFinite = int.MaxValue;
        var merged = model.IsMerged(tensor.Name);
        // Columns of different panels touch different bytes; within a panel bytes are disjoint too.
        Parallel.For(0, PanelLayout.Panels(columns), panel =>
        {
            var row = new byte[(long)PanelLayout.Blocks(format, port.Inputs) * format.BlockBytes];
            var weights = new float[port.Inputs];
            for (var c = panel * PanelLayout.Columns; c < Math.Min(columns, (panel + 1) * PanelLayout.Columns); c++)
            {
                var o = (output * port.BankColumns) + c;
                var source = tensor.Row(matrix.Row(o));
                model.DecodeRow(tensor, matrix.Row(o), weights);
                if (!AllFinite(weights) || (columnScales is null && merged && !TryEncode(tensor.Type, weights, row)))
                    InterlockedMin(ref notFinite, o);
                else if (columnScales is null && !merged)
                    source.CopyTo(row);
                else if (columnScales is not null)
                    columnScales[o] = power is null
                        ? RomEncoder.Encode(weights, format, row)
                        : RomEncoder.Encode(weights, power, format, row);

                for (var i = 0; i < banks.Length; i++)
                {
                    var rows = WeightsLayer.Rows(port, i);
                    var from = i * (port.BankRows / format.BlockWeights) * format.BlockBytes;
                    var panelBytes = (int)PanelLayout.PanelBytes(format, rows);
                    PanelLayout.Scatter(
                        format,
                        row.AsSpan(from, PanelLayout.Blocks(format, rows) * format.BlockBytes),
                        banks[i].AsSpan(panel * panelBytes, panelBytes),
                        c - (panel * PanelLayout.Columns)
                    );
                }
            }
        });
        return notFinite == int.MaxValue
            ? banks
            : throw new InputException(
                $"{tensor.FilePath}: tensor {tensor.Name}: row {matrix.Row(notFinite)} holds a weight or scale that is not finite{(merged ? " once the adapter is merged; scale the adapter down" : "; the file is damaged or was converted wrongly")}"
            );
    }

    // Weights with an adapter merged in are encoded anew in the tensor's own type.
    private static bool TryEncode(GgmlType type, float[] weights, byte[] row)
    {
        try
        {
            BlockEncoder.Encode(type, weights, row);
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

    private static float[] ReadVector(GgufTensor tensor, int count)
    {
        var values = new float[count];
        var width = (int)tensor.RowLength;
        for (var r = 0; r < tensor.Rows; r++)
            BlockDecoder.Decode(tensor.Type, tensor.Row(r), values.AsSpan(r * width, width));
        return AllFinite(values)
            ? values
            : throw new InputException($"{tensor.FilePath}: tensor {tensor.Name} holds a value that is not finite");
    }

    private static bool AllFinite(ReadOnlySpan<float> values)
    {
        foreach (var v in values)
            if (!float.IsFinite(v))
                return false;
        return true;
    }

    private static long Ones(ReadOnlySpan<byte> bytes)
    {
        long ones = 0;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            ones += BitOperations.PopCount(word);
        foreach (var b in bytes[(words.Length * 8)..])
            ones += BitOperations.PopCount(b);
        return ones;
    }
}
