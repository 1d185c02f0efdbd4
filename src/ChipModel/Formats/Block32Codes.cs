using System.Buffers.Binary;

namespace TaalasSim.ChipModel.Formats;

/// <summary>
/// Codes of 4 and 5 bits in blocks of 32: value j in the low nibble of byte j, value j + 16 in its high nibble; fifth bits in a u32, bit j
/// for value j. Encoding equals ggml's: codes are rounded with the float scale, before the scale itself is rounded to binary16.
/// </summary>
internal static class Block32Codes
{
    private const int HalfBlock = 16;

    /// <summary>Unpacks nibbles in halves, each less <paramref name="offset"/>.</summary>
    public static void Nibbles(ReadOnlySpan<byte> packed, int offset, Span<sbyte> codes)
    {
        for (var j = 0; j < packed.Length; j++)
        {
            codes[j] = (sbyte)((packed[j] & 15) - offset);
            codes[j + packed.Length] = (sbyte)((packed[j] >> 4) - offset);
        }
    }

    /// <summary>Unpacks nibbles in halves with fifth bits, bit j for weight j, each less <paramref name="offset"/>.</summary>
    public static void FiveBits(ReadOnlySpan<byte> packed, uint high, int offset, Span<sbyte> codes)
    {
        Nibbles(packed, offset, codes);
        for (var j = 0; j < 2 * packed.Length; j++)
            codes[j] += (sbyte)(((high >> j) & 1) << 4);
    }

    /// <summary>Unpacks nibbles in halves that pick from a table.</summary>
    public static void LookUp(ReadOnlySpan<byte> packed, ReadOnlySpan<sbyte> table, Span<sbyte> codes)
    {
        for (var j = 0; j < packed.Length; j++)
        {
            codes[j] = table[packed[j] & 15];
            codes[j + packed.Length] = table[packed[j] >> 4];
        }
    }

    /// <summary>Encodes a block whose first fields are d and m: codes 0 to <paramref name="largest"/> from the minimum to the
    /// maximum.</summary>
    public static void PutWithMinimum(ReadOnlySpan<float> values, int largest, Span<byte> block, Span<byte> low, Span<byte> high)
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
        Put(above, Inverse(d), 0.5f, largest, low, high);
    }

    /// <summary>Codes floor(x·inverse + bias) up to <paramref name="largest"/>: low nibbles in halves, fifth bits (if any) in a
    /// u32.</summary>
    public static void Put(ReadOnlySpan<float> values, float inverse, float bias, int largest, Span<byte> low, Span<byte> high)
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
    public static float Extreme(ReadOnlySpan<float> values)
    {
        var extreme = 0f;
        foreach (var x in values)
            extreme = MathF.Abs(x) > MathF.Abs(extreme) ? x : extreme;
        return extreme;
    }

    /// <summary>1 / d; 0 for a subnormal scale, which has no finite inverse: its binary16 form is zero, and so may the codes be.</summary>
    public static float Inverse(float d) => d != 0 && float.IsFinite(1 / d) ? 1 / d : 0;
}
