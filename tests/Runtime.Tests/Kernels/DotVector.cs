using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Kernels;

/// <summary>One dot product of the reference: a row of weights, an input vector, its quantised form and the result's bits.</summary>
public sealed record DotVector(string Name, CodeFormat Format, byte[] Row, float[] X, byte[] Quantised, float Dot)
{
    public override string ToString() => Name;

    public static IEnumerable<DotVector> All()
    {
        if (Shared.Has("specs/gguf_dot_vectors.jsonl"))
            foreach (
                var (line, index) in File.ReadLines(Shared.Path("specs/gguf_dot_vectors.jsonl")).Select((line, index) => (line, index))
            )
                yield return FromSpec(JsonDocument.Parse(line).RootElement, index);
        if (Shared.Has("golden/dequant/index.json"))
            foreach (
                var entry in JsonDocument.Parse(File.ReadAllText(Shared.Path("golden/dequant/index.json"))).RootElement.EnumerateArray()
            )
                yield return FromGolden(entry);
    }

    private static DotVector FromSpec(JsonElement e, int index)
    {
        var format = CodeFormats.OfGgml(e.GetProperty("id").GetInt32());
        return new DotVector(
            $"spec {format.Name} {index % 2}",
            format,
            Convert.FromHexString(e.GetProperty("row").GetString()!),
            MemoryMarshal.Cast<byte, float>(Convert.FromHexString(e.GetProperty("x_f32_bits_le").GetString()!)).ToArray(),
            Convert.FromHexString(e.GetProperty("act").GetString()!),
            BitConverter.UInt32BitsToSingle(
                uint.Parse(e.GetProperty("dot_f32_bits").GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            )
        );
    }

    private static DotVector FromGolden(JsonElement e)
    {
        var format = CodeFormats.OfGgml(e.GetProperty("type_id").GetInt32());
        var bytes = File.ReadAllBytes(Shared.Path("golden/dequant/" + e.GetProperty("file").GetString()));
        int At(string name) => e.GetProperty(name).GetInt32();
        return new DotVector(
            $"golden {format.Name}",
            format,
            bytes.AsSpan(At("quant_off"), At("quant_bytes")).ToArray(),
            MemoryMarshal.Cast<byte, float>(bytes.AsSpan(At("act_f32_off"), At("n") * 4)).ToArray(),
            bytes.AsSpan(At("act_q_off"), At("act_q_bytes")).ToArray(),
            MemoryMarshal.Read<float>(bytes.AsSpan(At("dot_off")))
        );
    }
}
