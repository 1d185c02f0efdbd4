using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Compiler.Gguf.Rewrite;

/// <summary>Streams one tensor in another type, some rows at a time, so that memory does not grow with the tensor.</summary>
internal static class TensorEncoder
{
    /// <summary>Values encoded between two writes.</summary>
    private const int ChunkValues = 1 << 20;

    /// <summary>Writes the tensor's bytes in <paramref name="to"/>; rows are encoded in parallel and written in order.</summary>
    /// <returns>Root of Σ(w − ŵ)² / Σw²; 0 when the type does not change.</returns>
    /// <exception cref="InputException">A value cannot be stored; names tensor and row.</exception>
    public static double Write(
        GgufTensor tensor,
        CodeFormat to,
        ImportanceMatrix? importance,
        Stream stream,
        Action<double> progress,
        CancellationToken cancel
    )
    {
        var chunk = (int)Math.Clamp(ChunkValues / Math.Max(1, tensor.RowLength), 1, Math.Max(1, tensor.Rows));
        if (to == tensor.Type)
        {
            for (long row = 0; row < tensor.Rows; row++)
            {
                if (row % chunk == 0)
                    cancel.ThrowIfCancellationRequested();
                stream.Write(tensor.Row(row));
            }
            return 0;
        }
        var width = checked((int)tensor.RowLength);
        var rowBytes = checked((int)to.BytesOf(width));
        var encoded = new byte[checked(chunk * rowBytes)];
        var rows = new (double Error, double Power, string? Fault)[chunk];
        var (error, power) = (0.0, 0.0);
        for (long first = 0; first < tensor.Rows; first += chunk)
        {
            cancel.ThrowIfCancellationRequested();
            var count = (int)Math.Min(chunk, tensor.Rows - first);
            Parallel.For(
                0,
                count,
                () => (Values: new float[width], Decoded: new float[width]),
                (i, _, buffers) =>
                {
                    rows[i] = Encode(
                        tensor,
                        first + i,
                        to,
                        importance,
                        encoded.AsSpan(i * rowBytes, rowBytes),
                        buffers.Values,
                        buffers.Decoded
                    );
                    return buffers;
                },
                _ => { }
            );
            for (var i = 0; i < count; i++)
            {
                if (rows[i].Fault is { } fault)
                    throw new InputException(
                        $"{tensor.FilePath}: tensor {GgufFaults.Quote(tensor.Name)}: row {first + i}: {fault}; the file is damaged, or "
                            + "choose a wider type"
                    );
                error += rows[i].Error;
                power += rows[i].Power;
            }
            stream.Write(encoded.AsSpan(0, count * rowBytes));
            progress((double)(first + count) / tensor.Rows);
        }
        return power > 0 ? Math.Sqrt(error / power) : 0;
    }

    private static (double Error, double Power, string? Fault) Encode(
        GgufTensor tensor,
        long row,
        CodeFormat to,
        ImportanceMatrix? importance,
        Span<byte> target,
        float[] values,
        float[] decoded
    )
    {
        tensor.DecodeRow(row, values);
        if (EncodeRow.Fault(values, ImportanceOf(tensor, row, importance), to, target, decoded) is { } fault)
            return (0, 0, fault);
        var (error, power) = (0.0, 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            error += ((double)values[i] - decoded[i]) * ((double)values[i] - decoded[i]);
            power += (double)values[i] * values[i];
        }
        return (error, power, null);
    }

    private static ReadOnlySpan<float> ImportanceOf(GgufTensor tensor, long row, ImportanceMatrix? importance) =>
        importance is null
            ? []
            : importance.Of(
                tensor.Name,
                (int)tensor.RowLength,
                (int)(row / Math.Max(1, tensor.Dimension(1))),
                (int)Math.Max(1, tensor.Dimension(2) * tensor.Dimension(3))
            );
}
