using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Safetensors;

namespace TaalasSim.Compiler.Conversion;

/// <summary>
/// Experts of gpt-oss. Gate and up rows alternate. Blocks of MXFP4 hold 16 bytes of codes (value 2i in the low half of byte i, 2i + 1 in
/// the high half) beside a tensor of scales; in GGUF a block is the scale, then value i in the low and value i + 16 in the high half.
/// </summary>
internal static class GptOssTensors
{
    /// <summary>Name of the blocks, in config.json and in GGUF.</summary>
    public const string QuantMethod = "mxfp4";

    private const int CodeBytes = 16;
    private const string Blocks = "_blocks";
    private const string Scales = "_scales";
    private const string Bias = "_bias";
    private const string GateUp = "gate_up_proj";

    /// <summary>What a tensor becomes, with names of Hugging Face form; null when nothing is special about it.</summary>
    /// <exception cref="InputException">Its sizes are not those of experts, or its scales are missing.</exception>
    public static IEnumerable<(string Name, ConvertedTensor Tensor)>? Find(SafetensorsModel model, SafetensorsTensor tensor, string name)
    {
        if (name.EndsWith(".sinks", StringComparison.Ordinal))
            return [Made(name + ".weight", TensorRows.Of(tensor), tensor)];
        if (!name.Contains(".experts.", StringComparison.Ordinal))
            return null;
        if (name.EndsWith(Scales, StringComparison.Ordinal))
            return model.Find(tensor.Name[..^Scales.Length] + Blocks) is not null ? [] : throw Misfit(tensor, "its blocks are missing");
        if (name.EndsWith(Blocks, StringComparison.Ordinal))
            return Packed(model, tensor, name[..^Blocks.Length]);
        if (name.EndsWith(Bias, StringComparison.Ordinal))
            return Biases(tensor, name[..^Bias.Length]);
        return Plain(tensor, name);
    }

    private static IEnumerable<(string, ConvertedTensor)> Packed(SafetensorsModel model, SafetensorsTensor blocks, string stem)
    {
        var scales = model.Find(blocks.Name[..^Blocks.Length] + Scales) ?? throw Misfit(blocks, "its scales are missing");
        if (
            blocks.Type.Name != "U8"
            || scales.Type.Name != "U8"
            || blocks.Shape is not [var experts, var rows, var across, CodeBytes]
            || !scales.Shape.SequenceEqual([experts, rows, across])
        )
            throw Misfit(blocks, "expected U8 blocks [experts, rows, blocks, 16] and scales [experts, rows, blocks]");
        if (!stem.EndsWith(GateUp, StringComparison.Ordinal))
            return [(stem + ".weight", Repacked(stem, blocks, scales, rows, row => row))];
        if (rows % 2 != 0)
            throw Misfit(blocks, "expected as many gate as up rows");
        return
        [
            (Gate(stem) + ".weight", Repacked(Gate(stem), blocks, scales, rows / 2, row => 2 * row)),
            (Up(stem) + ".weight", Repacked(Up(stem), blocks, scales, rows / 2, row => (2 * row) + 1)),
        ];
    }

    private static ConvertedTensor Repacked(
        string name,
        SafetensorsTensor blocks,
        SafetensorsTensor scales,
        long rows,
        Func<long, long> source
    )
    {
        var across = (int)blocks.Shape[2];
        void Read(long row, Span<byte> bytes)
        {
            var from = source(row);
            var codes = blocks.Raw(from * across * CodeBytes, across * CodeBytes);
            var exponents = scales.Raw(from * across, across);
            for (var b = 0; b < across; b++)
            {
                var block = bytes.Slice(b * (CodeBytes + 1), CodeBytes + 1);
                block[0] = exponents[b];
                Reorder(codes.Slice(b * CodeBytes, CodeBytes), block[1..]);
            }
        }

        return new ConvertedTensor(name, [blocks.Shape[0], rows, across * 32L], blocks.Name, null)
        {
            BlockType = CodeFormats.Named(QuantMethod),
            Block = Read,
        };
    }

    private static void Reorder(ReadOnlySpan<byte> pairs, Span<byte> halves)
    {
        for (var i = 0; i < CodeBytes; i++)
        {
            var shift = i % 2 * 4;
            halves[i] = (byte)(((pairs[i / 2] >> shift) & 15) | (((pairs[(CodeBytes + i) / 2] >> shift) & 15) << 4));
        }
    }

    private static IEnumerable<(string, ConvertedTensor)> Biases(SafetensorsTensor tensor, string stem)
    {
        var rows = TensorRows.Of(tensor);
        if (!stem.EndsWith(GateUp, StringComparison.Ordinal))
            return [Made(stem + ".bias", rows, tensor)];
        if (rows.Shape.Count != 2 || rows.Shape[1] % 2 != 0)
            throw Misfit(tensor, "expected as many gate as up values");
        return [Made(Gate(stem) + ".bias", rows.EveryOtherValue(0), tensor), Made(Up(stem) + ".bias", rows.EveryOtherValue(1), tensor)];
    }

    private static IEnumerable<(string, ConvertedTensor)> Plain(SafetensorsTensor tensor, string stem)
    {
        if (tensor.Shape.Count != 3)
            throw Misfit(tensor, "expected [experts, inputs, outputs]");
        var rows = TensorRows.Of(tensor).Transposed();
        if (!stem.EndsWith(GateUp, StringComparison.Ordinal))
            return [Made(stem + ".weight", rows, tensor)];
        return rows.Shape[1] % 2 == 0
            ? [Made(Gate(stem) + ".weight", rows.EveryOther(0), tensor), Made(Up(stem) + ".weight", rows.EveryOther(1), tensor)]
            : throw Misfit(tensor, "expected as many gate as up rows");
    }

    private static (string, ConvertedTensor) Made(string name, TensorRows rows, SafetensorsTensor tensor) =>
        (name, ConvertedTensor.Of(name, tensor.Name, rows));

    private static string Gate(string stem) => stem[..^GateUp.Length] + "gate_proj";

    private static string Up(string stem) => stem[..^GateUp.Length] + "up_proj";

    private static InputException Misfit(SafetensorsTensor tensor, string what) =>
        new(
            $"{tensor.FilePath}: tensor {GgufFaults.Quote(tensor.Name)} of [{string.Join(", ", tensor.Shape)}]: {what}; fetch the "
                + "model again"
        );
}
