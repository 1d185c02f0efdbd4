using System.Runtime.InteropServices;

namespace TaalasSim.Compiler.Gguf;

/// <summary>The formats that store each value by itself: IEEE floats, BF16 and integers, any number at once.</summary>
internal static class PlainBlocks
{
    public static void F32(ReadOnlySpan<byte> source, Span<float> values) => MemoryMarshal.Cast<byte, float>(source).CopyTo(values);

    public static void F64(ReadOnlySpan<byte> source, Span<float> values)
    {
        var numbers = MemoryMarshal.Cast<byte, double>(source);
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)numbers[i];
    }

    public static void F16(ReadOnlySpan<byte> source, Span<float> values)
    {
        var numbers = MemoryMarshal.Cast<byte, Half>(source);
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)numbers[i];
    }

    /// <summary>BF16 is the upper half of an F32.</summary>
    public static void BF16(ReadOnlySpan<byte> source, Span<float> values)
    {
        var bits = MemoryMarshal.Cast<byte, ushort>(source);
        for (var i = 0; i < values.Length; i++)
            values[i] = BitConverter.UInt32BitsToSingle((uint)bits[i] << 16);
    }

    public static void I8(ReadOnlySpan<byte> source, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = (sbyte)source[i];
    }

    public static void I16(ReadOnlySpan<byte> source, Span<float> values)
    {
        var numbers = MemoryMarshal.Cast<byte, short>(source);
        for (var i = 0; i < values.Length; i++)
            values[i] = numbers[i];
    }

    public static void I32(ReadOnlySpan<byte> source, Span<float> values)
    {
        var numbers = MemoryMarshal.Cast<byte, int>(source);
        for (var i = 0; i < values.Length; i++)
            values[i] = numbers[i];
    }

    public static void I64(ReadOnlySpan<byte> source, Span<float> values)
    {
        var numbers = MemoryMarshal.Cast<byte, long>(source);
        for (var i = 0; i < values.Length; i++)
            values[i] = numbers[i];
    }
}
