using System.Buffers.Binary;

namespace TaalasSim.Compiler.Gguf;

/// <summary>
/// Encoders of the linear formats of 32 values, equal to the ggml reference's: codes are rounded with the float scale,
/// before the scale itself is rounded to F16. Layouts are those of <see cref="ShortBlocks"/>.
/// </summary>
internal static class ShortBlockEncoders
{
    private const int HalfBlock = 16;

    public static void Q8_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        var d = MathF.Abs(Extreme(values)) / 127;
        var inverse = Inverse(d);
        BlockFields.PutHalf(block, 0, d);
        for (var j = 0; j < values.Length; j++)
            block[2 + j] = (byte)(sbyte)MathF.Round(values[j] * inverse, MidpointRounding.AwayFromZero);
    }

    public static void Q4_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        var d = Extreme(values) / -8;
        BlockFields.PutHalf(block, 0, d);
        PutCodes(values, Inverse(d), 8.5f, 15, block[2..], []);
    }

    public static void Q5_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        var d = Extreme(values) / -16;
        BlockFields.PutHalf(block, 0, d);
        PutCodes(values, Inverse(d), 16.5f, 31, block[6..], block.Slice(2, 4));
    }

    public static void Q4_1(ReadOnlySpan<float> values, Span<byte> block) => WithMinimum(values, 15, block, block[4..], []);

    public static void Q5_1(ReadOnlySpan<float> values, Span<byte> block) => WithMinimum(values, 31, block, block[8..], block.Slice(4, 4));

    private static void WithMinimum(ReadOnlySpan<float> values, int largest, Span<byte> block, Span<byte> low, Span<byte> high)
    {
        var (minimum, maximum) = (values[0], values[0]);
        foreach (var x in values)
        {
            minimum = x < minimum ? x : minimum;
            maximum = x > maximum ? x : maximum;
        }
        var d = (maximum - minimum) / largest;
        BlockFields.PutHalf(block, 0, d);
        BlockFields.PutHalf(block, 2, minimum);
        Span<float> above = stackalloc float[values.Length];
        for (var j = 0; j < values.Length; j++)
            above[j] = values[j] - minimum;
        PutCodes(above, Inverse(d), 0.5f, largest, low, high);
    }

    /// <summary>Codes floor(x·inverse + bias) up to <paramref name="largest"/>: low nibbles in halves, fifth bits (if any) in a
    /// u32.</summary>
    private static void PutCodes(ReadOnlySpan<float> values, float inverse, float bias, int largest, Span<byte> low, Span<byte> high)
    {
        uint fifth = 0;
        for (var j = 0; j < values.Length; j++)
        {
            var code = Math.Min(largest, (int)((values[j] * inverse) + bias));
            low[j % HalfBlock] |= (byte)((code & 15) << (j < HalfBlock ? 0 : 4));
            fifth |= (uint)(code >> 4) << j;
        }
        if (!high.IsEmpty)
            BinaryPrimitives.WriteUInt32LittleEndian(high, fifth);
    }

    /// <summary>The value of largest magnitude with its sign, the first of equals.</summary>
    private static float Extreme(ReadOnlySpan<float> values)
    {
        var extreme = 0f;
        foreach (var x in values)
            extreme = MathF.Abs(x) > MathF.Abs(extreme) ? x : extreme;
        return extreme;
    }

    // A subnormal scale has no finite inverse; its F16 form is zero, and so may the codes be.
    private static float Inverse(float d) => d != 0 && float.IsFinite(1 / d) ? 1 / d : 0;
}
