using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Conversion;

/// <summary>Writes converted tensors, some rows at a time, so that memory does not grow with the model.</summary>
internal static class ConvertedTensorWriter
{
    /// <summary>Values made between two writes.</summary>
    private const int ChunkValues = 1 << 20;

    private const long WidestRow = 1 << 28;

    /// <summary>Adds the tensors to a file; their values are made when it is saved.</summary>
    /// <param name="writer">File.</param>
    /// <param name="tensors">Tensors.</param>
    /// <param name="type">What matrices are stored as.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="InputException">A tensor has a shape or name that no GGUF file has.</exception>
    public static void AddTo(
        GgufWriter writer,
        IReadOnlyList<ConvertedTensor> tensors,
        CodeFormat type,
        IProgress<double>? progress,
        CancellationToken cancel
    )
    {
        var (done, all) = (0L, Math.Max(1, tensors.Sum(t => t.Elements)));
        foreach (var tensor in tensors)
        {
            var to = TypeOf(tensor, type);
            if (tensor.Shape.Count > 0 && tensor.Shape[^1] > WidestRow)
                throw new InputException(
                    $"tensor {GgufFaults.Quote(tensor.Source)}: has rows of {tensor.Shape[^1]} values, which no model has"
                );
            writer.AddTensor(tensor.Name, to, tensor.Dimensions, stream =>
            {
                foreach (var values in Encoded(tensor, to, stream))
                {
                    cancel.ThrowIfCancellationRequested();
                    progress?.Report((double)(done += values) / all);
                }
            });
        }
    }

    private static CodeFormat TypeOf(ConvertedTensor tensor, CodeFormat type)
    {
        if (tensor.BlockType is { } own)
            return own;
        if (tensor.AlwaysF32 || tensor.Shape.Count <= 1)
            return CodeFormats.Named("f32");
        return tensor.Shape[^1] % type.BlockWeights == 0 ? type : CodeFormats.Named("f16");
    }

    private static IEnumerable<long> Encoded(ConvertedTensor tensor, CodeFormat type, Stream stream)
    {
        var width = (int)(tensor.Shape.Count > 0 ? tensor.Shape[^1] : 1);
        var rows = width == 0 ? 0 : tensor.Elements / width;
        var rowBytes = checked((int)type.BytesOf(width));
        var chunk = (int)Math.Clamp(ChunkValues / Math.Max(1, width), 1, Math.Max(1, rows));
        var bytes = new byte[checked(chunk * rowBytes)];
        for (long first = 0; first < rows; first += chunk)
        {
            var (begin, count) = (first, (int)Math.Min(chunk, rows - first));
            try
            {
                Parallel.For(0, count, i => Make(tensor, begin + i, width, type, bytes.AsSpan(i * rowBytes, rowBytes)));
            }
            catch (AggregateException fault)
            {
                throw fault.InnerExceptions.OfType<InputException>().FirstOrDefault() ?? fault.InnerExceptions[0];
            }

            stream.Write(bytes.AsSpan(0, count * rowBytes));
            yield return (long)count * width;
        }
    }

    private static void Make(ConvertedTensor tensor, long row, int width, CodeFormat type, Span<byte> bytes)
    {
        if (tensor.Block is { } block)
        {
            block(row, bytes);
            return;
        }

        var values = new float[width];
        tensor.Rows!.Read(row, values);
        foreach (var value in values)
            if (!float.IsFinite(value) || (type.Name == "f16" && float.IsFinite(value) && !Half.IsFinite((Half)value)))
                throw new InputException(
                    $"tensor {GgufFaults.Quote(tensor.Source)}: row {row} holds {value}, which {type} cannot; "
                        + (float.IsFinite(value) ? "choose --type bf16 or f32" : "the model is damaged: fetch it again")
                );
        type.Encode(values, bytes);
    }
}
