using System.Buffers.Binary;

namespace TaalasSim.Compiler.Gguf;

/// <summary>
/// Encoders of the formats whose codes pick from a table. MXFP4 and NVFP4 follow the ggml reference bit for bit; IQ4_NL and IQ4_XS search
/// their scales for the least squared error. Layouts are those of <see cref="Fp4Blocks"/> and <see cref="Iq4Blocks"/>.
/// </summary>
internal static class CodebookBlockEncoders
{
    private const int SubBlock = 32;
    private const int Trials = 15;

    /// <summary>32 values under one power of two, chosen so that the largest falls into the top octave of FP4 (at most 6, OCP microscaling
    /// 1.0).</summary>
    public static void MXFP4(ReadOnlySpan<float> values, Span<byte> block)
    {
        var largest = Largest(values);
        block[0] = largest > 0 ? (byte)Math.Clamp(MathF.ILogB(largest) - 2 + 127, 0, 254) : (byte)0;
        PutHalves(values, CodebookValues.Fp4Doubled, CodebookValues.HalfE8M0(block[0]), block[1..]);
    }

    /// <summary>64 values in four parts, each under an unsigned E4M3 scale that maps its largest magnitude to 6.</summary>
    public static void NVFP4(ReadOnlySpan<float> values, Span<byte> block)
    {
        for (var s = 0; s < 4; s++)
        {
            var part = values.Slice(16 * s, 16);
            block[s] = UE4M3(Largest(part) / 6);
            PutHalves(part, CodebookValues.Fp4Doubled, CodebookValues.HalfUE4M3(block[s]), block.Slice(4 + (8 * s), 8));
        }
    }

    public static void IQ4_NL(ReadOnlySpan<float> values, Span<byte> block)
    {
        var d = BlockFields.PutHalf(block, 0, FitScale(values));
        PutHalves(values, CodebookValues.Iq4, d, block[2..]);
    }

    public static void IQ4_XS(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> scales = stackalloc float[8];
        var extreme = 0f;
        for (var b = 0; b < 8; b++)
        {
            scales[b] = FitScale(values.Slice(SubBlock * b, SubBlock));
            extreme = MathF.Abs(scales[b]) > MathF.Abs(extreme) ? scales[b] : extreme;
        }
        var d = BlockFields.PutHalf(block, 0, extreme / -32);
        var high = 0;
        for (var b = 0; b < 8; b++)
        {
            var scale = d == 0 ? 0 : (int)Math.Clamp(MathF.Round(scales[b] / d), -32, 31);
            var stored = scale + 32;
            block[4 + (b / 2)] |= (byte)((stored & 15) << (4 * (b % 2)));
            high |= stored >> 4 << (2 * b);
            PutHalves(values.Slice(SubBlock * b, SubBlock), CodebookValues.Iq4, d * scale, block.Slice(8 + (16 * b), 16));
        }
        BinaryPrimitives.WriteUInt16LittleEndian(block[2..], (ushort)high);
    }

    /// <summary>To the nearest unsigned E4M3, halves upwards.</summary>
    /// <exception cref="ArgumentException">The scale exceeds the largest, 448.</exception>
    private static byte UE4M3(float x)
    {
        if (x > 448)
            throw new ArgumentException($"A block scale of {x} exceeds the largest E4M3, 448.", nameof(x));
        if (x < 1f / 64)
            return (byte)Math.Min(7, (int)((x * 512) + 0.5f)); // multiples of 2^-9 below the smallest normal number
        const int BiasDifference = 127 - 7;
        return (byte)(((BitConverter.SingleToUInt32Bits(x) + (1u << 19)) >> 20) - (BiasDifference << 3));
    }

    /// <summary>
    /// Scale of either sign that keeps Σ(scale·table[code] - x)² small. The table is not symmetric, so the extreme value is tried at both
    /// of its ends.
    /// </summary>
    private static float FitScale(ReadOnlySpan<float> values)
    {
        var extreme = 0f;
        foreach (var x in values)
            extreme = MathF.Abs(x) > MathF.Abs(extreme) ? x : extreme;
        var table = CodebookValues.Iq4;
        float best = 0,
            first = table[0],
            last = table[^1];
        var mostExplained = 0.0; // Σx² minus the error that the best scale leaves
        for (var trial = 0; extreme != 0 && trial < 2 * Trials; trial++)
        {
            // The extreme is taken from 14 units inside the table's end to 14 beyond it.
            var end = trial < Trials ? first : last;
            var inverse = (end + (2 * ((trial % Trials) - (Trials / 2)))) / extreme;
            double sumTableX = 0,
                sumTable = 0;
            foreach (var x in values)
            {
                var value = table[Nearest(table, x * inverse)];
                sumTableX += value * x;
                sumTable += value * value;
            }
            var explained = sumTable > 0 ? sumTableX * sumTableX / sumTable : 0;
            if (explained > mostExplained)
                (mostExplained, best) = (explained, (float)(sumTableX / sumTable));
        }
        return best;
    }

    /// <summary>Codes of the nearest table values times <paramref name="scale"/>, the first half of the values in the low
    /// nibbles.</summary>
    private static void PutHalves(ReadOnlySpan<float> values, ReadOnlySpan<sbyte> table, float scale, Span<byte> codes)
    {
        var half = values.Length / 2;
        for (var j = 0; j < values.Length; j++)
            codes[j % half] |= (byte)(Nearest(table, scale, values[j]) << (j < half ? 0 : 4));
    }

    // The reference compares scaled table values, the first of equals wins; with a zero scale that is code 0, which no decoder can tell
    // from others.
    private static int Nearest(ReadOnlySpan<sbyte> table, float scale, float x)
    {
        var (best, leastError) = (0, MathF.Abs((table[0] * scale) - x));
        for (var i = 1; i < table.Length; i++)
        {
            var error = MathF.Abs((table[i] * scale) - x);
            if (error < leastError)
                (best, leastError) = (i, error);
        }
        return best;
    }

    // For a rising table: the first code whose midpoint to the next is not below x.
    private static int Nearest(ReadOnlySpan<sbyte> rising, float x)
    {
        var code = 0;
        while (code < rising.Length - 1 && 2 * x > rising[code] + rising[code + 1])
            code++;
        return code;
    }

    private static float Largest(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var x in values)
            largest = MathF.Max(largest, MathF.Abs(x));
        return largest;
    }
}
