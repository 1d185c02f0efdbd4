using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Runtime.Kernels.Simd;

/// <summary>Q2_K: 16 bytes of four-bit scales and minima, one per 16 weights, 64 bytes of bit pairs, d, scale of the minima.</summary>
internal readonly unsafe struct Q2K : ISumFormat
{
    public static int BlockBytes => 84;

    public static int BlockWeights => 256;

    public static int PartWeights => 16;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (80 * 16) + (16 * half)));
        to.PutMinimum(HalfVectors.Load8(row + (82 * 16) + (16 * half)));
        for (var u = 0; u < 4; u++)
        {
            var both = PanelWords.Load(row, u, half);
            to.PutScale(4 * u, PanelWords.Field(both, 0, 15));
            to.PutScale((4 * u) + 1, PanelWords.Field(both, 8, 15));
            to.PutScale((4 * u) + 2, PanelWords.Field(both, 16, 15));
            to.PutScale((4 * u) + 3, PanelWords.Field(both, 24, 15));
            to.PutMinima(2 * u, PanelWords.Field(both, 4, 0xF) | ((both << 4) & Vector256.Create(0xF0000u)));
            to.PutMinima((2 * u) + 1, PanelWords.Field(both, 20, 0xF) | ((both >>> 12) & Vector256.Create(0xF0000u)));
        }

        PutPairs(row + (16 * 16), half, Vector256<byte>.Zero, to);
    }

    /// <summary>64 bytes of bit pairs, each less <paramref name="offset"/>: the pairs at one place of 32 bytes belong to 32 neighbours.</summary>
    public static void PutPairs<TDot>(byte* field, int half, Vector256<byte> offset, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        for (var u = 0; u < 16; u++)
        {
            var pairs = PanelWords.Load(field, u, half);
            var first = (32 * (u / 8)) + (u % 8);
            to.Put(first, PanelWords.Bits(pairs, 0, 3) - offset);
            to.Put(first + 8, PanelWords.Bits(pairs, 2, 3) - offset);
            to.Put(first + 16, PanelWords.Bits(pairs, 4, 3) - offset);
            to.Put(first + 24, PanelWords.Bits(pairs, 6, 3) - offset);
        }
    }
}

/// <summary>TQ2_0: 64 bytes of bit pairs (less 1), d.</summary>
internal readonly unsafe struct Tq2Zero : ISumFormat
{
    public static int BlockBytes => 66;

    public static int BlockWeights => 256;

    public static int PartWeights => 32;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (64 * 16) + (16 * half)));
        Q2K.PutPairs(row, half, Vector256<byte>.One, to);
    }
}

/// <summary>TQ1_0: bytes of five ternary digits (the last four of four), d. A byte b stands for b / 256; times three, the next digit is what carries over.</summary>
internal readonly unsafe struct Tq1Zero : ISumFormat
{
    public static int BlockBytes => 54;

    public static int BlockWeights => 256;

    public static int PartWeights => 32;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (52 * 16) + (16 * half)));
        for (var u = 0; u < 8; u++)
            PutDigits(PanelWords.Load(row, u, half), 5, u, 8, to);
        for (var u = 0; u < 4; u++)
            PutDigits(PanelWords.Load(row, 8 + u, half), 5, 40 + u, 4, to);
        PutDigits(PanelWords.Load(row, 12, half), 4, 60, 1, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutDigits<TDot>(Vector256<uint> words, int digits, int unit, int step, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        var b = words.AsByte();
        for (; digits > 0; digits--, unit += step, b += b + b)
        {
            // 3·b reaches 256 from 86 on and 512 from 171 on; a mask is −1.
            Vector256<byte> one = AtLeast(b, 86), two = AtLeast(b, 171);
            to.Put(unit, Vector256<byte>.AllBitsSet - one - two);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> AtLeast(Vector256<byte> b, byte bound) => Vector256.Equals(Vector256.Max(b, Vector256.Create(bound)), b);
}

/// <summary>IQ4_XS: d, high bit pairs and low nibbles of eight scales (less 32), 128 bytes of nibbles that pick from a table.</summary>
internal readonly unsafe struct Iq4Xs : ISumFormat
{
    public static int BlockBytes => 136;

    public static int BlockWeights => 256;

    public static int PartWeights => 32;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (16 * half)));
        Vector256<uint> high = PanelWords.LoadShorts(row + 32, half), low = PanelWords.Load(row + 64, 0, half);
        var table = Nibbles.Table(CodebookValues.Iq4);
        for (var part = 0; part < 8; part++)
        {
            var scale = PanelWords.Field(low, 4 * part, 15) | (PanelWords.Field(high, 2 * part, 3) << 4);
            to.PutScale(part, Vector256.ConvertToSingle(scale.AsInt32() - Vector256.Create(32)));
            for (var k = 0; k < 4; k++)
                Nibbles.Put(PanelWords.Load(row + 128, (4 * part) + k, half), table, (8 * part) + k, 4, to);
        }
    }
}

/// <summary>NVFP4: four scales of eight bits, one per 16 weights, 32 bytes of nibbles that pick from a table.</summary>
internal readonly unsafe struct NvFp4 : ISumFormat
{
    public static int BlockBytes => 36;

    public static int BlockWeights => 64;

    public static int PartWeights => 16;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(Vector256<float>.One);
        var scales = PanelWords.Load(row, 0, half);
        var table = Nibbles.Table(CodebookValues.Fp4Doubled);
        for (var part = 0; part < 4; part++)
        {
            to.PutScale(part, Avx2.GatherVector256(CodeBooks.HalfUE4M3, PanelWords.Field(scales, 8 * part, 255).AsInt32(), 4));
            Nibbles.Put(PanelWords.Load(row + 64, 2 * part, half), table, 4 * part, 2, to);
            Nibbles.Put(PanelWords.Load(row + 64, (2 * part) + 1, half), table, (4 * part) + 1, 2, to);
        }
    }
}

/// <summary>Q1_0: d, 128 bits: weights of 1 and −1.</summary>
internal readonly unsafe struct Q1Zero : ISumFormat
{
    public static int BlockBytes => 18;

    public static int BlockWeights => 128;

    public static int PartWeights => 32;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (16 * half)));
        for (var part = 0; part < 4; part++)
        {
            var bits = PanelWords.Load(row + 32, part, half);
            Put(PanelWords.Spread(bits, 0), 8 * part, to);
            Put(PanelWords.Spread(bits, 1), (8 * part) + 2, to);
            Put(PanelWords.Spread(bits, 2), (8 * part) + 4, to);
            Put(PanelWords.Spread(bits, 3), (8 * part) + 6, to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TDot>(Vector256<byte> bits, int unit, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        // A set bit's mask is −1: its negative is 1; an unset bit's zero becomes −1.
        to.Put(unit, (PanelWords.Test(bits, 0x08040201) & Vector256.Create((byte)2)) - Vector256<byte>.One);
        to.Put(unit + 1, (PanelWords.Test(bits, 0x80402010) & Vector256.Create((byte)2)) - Vector256<byte>.One);
    }
}

/// <summary>Q2_0: d, 16 bytes of four neighbouring bit pairs (less 1).</summary>
internal readonly unsafe struct Q2Zero : ISumFormat
{
    public static int BlockBytes => 18;

    public static int BlockWeights => 64;

    public static int PartWeights => 32;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (16 * half)));
        for (var u = 0; u < 4; u++)
        {
            var pairs = PanelWords.Load(row + 32, u, half);
            Put(PanelWords.Field(pairs, 0, 255), 4 * u, to);
            Put(PanelWords.Field(pairs, 8, 255), (4 * u) + 1, to);
            Put(PanelWords.Field(pairs, 16, 255), (4 * u) + 2, to);
            Put(pairs >>> 24, (4 * u) + 3, to);
        }
    }

    /// <summary>Bit pair i of each lane's byte to byte i: copies 6, 12 and 18 bits up, of which the pairs are kept that lie right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TDot>(Vector256<uint> pairs, int unit, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        pairs |= pairs << 12;
        pairs |= pairs << 6;
        to.Put(unit, PanelWords.Bits(pairs, 0, 3) - Vector256<byte>.One);
    }
}
