using System.Runtime.InteropServices;

namespace TaalasSim.Compiler.Gguf;

/// <summary>Conversions to the formats that store each value by itself; out-of-range values become infinite, as IEEE rounding has
/// it.</summary>
internal static class PlainBlockEncoders
{
    public static void F32(ReadOnlySpan<float> values, Span<byte> target) => MemoryMarshal.AsBytes(values).CopyTo(target);

    /// <summary>To nearest, ties to even.</summary>
    public static void F16(ReadOnlySpan<float> values, Span<byte> target)
    {
        var halves = MemoryMarshal.Cast<byte, Half>(target);
        for (var i = 0; i < values.Length; i++)
            halves[i] = (Half)values[i];
    }

    /// <summary>To nearest, ties to even; a NaN keeps its sign and is made quiet.</summary>
    public static void BF16(ReadOnlySpan<float> values, Span<byte> target)
    {
        var upper = MemoryMarshal.Cast<byte, ushort>(target);
        for (var i = 0; i < values.Length; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(values[i]);
            upper[i] = (ushort)(float.IsNaN(values[i]) ? (bits >> 16) | 64 : (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }
    }
}
