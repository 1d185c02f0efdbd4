using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Simd;

/// <summary>IQ2_XXS: d; per 32 weights four codes and a word of four times seven signs and a scale. An eighth is taken in the end.</summary>
internal readonly unsafe struct Iq2Xxs : ISumFormat
{
    public static int BlockBytes => 66;

    public static int BlockWeights => 256;

    public static int PartWeights => 32;

    public static float OutputScale => 0.125f;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (16 * half)));
        for (var part = 0; part < 8; part++)
        {
            Vector256<uint> codes = PanelWords.Load(row + 32, 2 * part, half), packed = PanelWords.Load(row + 32, (2 * part) + 1, half);
            to.PutScale(part, CodeBooks.Odd(packed >>> 28));
            var signs = CodeBooks.Signs(packed);
            CodeBooks.PutEight(CodeBooks.Iq2Xxs, PanelWords.Field(codes, 0, 255), signs, 0, 8 * part, to);
            CodeBooks.PutEight(CodeBooks.Iq2Xxs, PanelWords.Field(codes, 8, 255), signs, 1, (8 * part) + 2, to);
            CodeBooks.PutEight(CodeBooks.Iq2Xxs, PanelWords.Field(codes, 16, 255), signs, 2, (8 * part) + 4, to);
            CodeBooks.PutEight(CodeBooks.Iq2Xxs, codes >>> 24, signs, 3, (8 * part) + 6, to);
        }
    }
}

/// <summary>IQ2_XS: d; per 8 weights a code of nine bits and seven signs; four-bit scales, one per 16 weights. An eighth is taken in the end.</summary>
internal readonly unsafe struct Iq2Xs : ISumFormat
{
    public static int BlockBytes => 74;

    public static int BlockWeights => 256;

    public static int PartWeights => 16;

    public static float OutputScale => 0.125f;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (16 * half)));
        PutScales(row + (66 * 16), half, to);
        for (var part = 0; part < 16; part++)
        {
            var two = PanelWords.Load(row + 32, part, half);
            var signs = CodeBooks.WithEighth(PanelWords.Field(two, 9, 0x007F007F));
            CodeBooks.PutEight(CodeBooks.Iq2Xs, PanelWords.Field(two, 0, 511), signs, 0, 4 * part, to);
            CodeBooks.PutEight(CodeBooks.Iq2Xs, PanelWords.Field(two, 16, 511), signs, 2, (4 * part) + 2, to);
        }
    }

    /// <summary>Sixteen scales of four bits.</summary>
    public static void PutScales<TDot>(byte* field, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        for (var part = 0; part < 16; part++)
            to.PutScale(part, CodeBooks.Odd(PanelWords.Field(PanelWords.Load(field, part / 8, half), 4 * (part % 8), 15)));
    }
}

/// <summary>IQ2_S: d, 32 low bytes of codes, 32 bytes of signs, 8 bytes of high bit pairs, four-bit scales. An eighth is taken in the end.</summary>
internal readonly unsafe struct Iq2S : ISumFormat
{
    public static int BlockBytes => 82;

    public static int BlockWeights => 256;

    public static int PartWeights => 16;

    public static float OutputScale => 0.125f;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (16 * half)));
        Iq2Xs.PutScales(row + (74 * 16), half, to);
        for (var u = 0; u < 8; u++)
        {
            Vector256<uint> low = PanelWords.Load(row + 32, u, half), signs = PanelWords.Load(row + (34 * 16), u, half);
            var high = PanelWords.Load(row + (66 * 16), u / 4, half) >>> (8 * (u % 4));
            CodeBooks.PutEight(CodeBooks.Iq2S, PanelWords.Field(low, 0, 255) | ((high << 8) & Vector256.Create(0x300u)), signs, 0, 8 * u, to);
            CodeBooks.PutEight(CodeBooks.Iq2S, PanelWords.Field(low, 8, 255) | ((high << 6) & Vector256.Create(0x300u)), signs, 1, (8 * u) + 2, to);
            CodeBooks.PutEight(CodeBooks.Iq2S, PanelWords.Field(low, 16, 255) | ((high << 4) & Vector256.Create(0x300u)), signs, 2, (8 * u) + 4, to);
            CodeBooks.PutEight(CodeBooks.Iq2S, (low >>> 24) | ((high << 2) & Vector256.Create(0x300u)), signs, 3, (8 * u) + 6, to);
        }
    }
}

/// <summary>IQ3_XXS: d, 64 codes of four weights; per 32 weights a word of four times seven signs and a scale. A quarter is taken in the end.</summary>
internal readonly unsafe struct Iq3Xxs : ISumFormat
{
    public static int BlockBytes => 98;

    public static int BlockWeights => 256;

    public static int PartWeights => 32;

    public static float OutputScale => 0.25f;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (16 * half)));
        for (var part = 0; part < 8; part++)
        {
            Vector256<uint> first = PanelWords.Load(row + 32, 2 * part, half), second = PanelWords.Load(row + 32, (2 * part) + 1, half);
            var packed = PanelWords.Load(row + (66 * 16), part, half);
            to.PutScale(part, CodeBooks.Odd(packed >>> 28));
            var signs = CodeBooks.Signs(packed);
            CodeBooks.PutFours(CodeBooks.Iq3Xxs, PanelWords.Field(first, 0, 255), PanelWords.Field(first, 8, 255), signs, 0, 8 * part, to);
            CodeBooks.PutFours(CodeBooks.Iq3Xxs, PanelWords.Field(first, 16, 255), first >>> 24, signs, 1, (8 * part) + 2, to);
            CodeBooks.PutFours(CodeBooks.Iq3Xxs, PanelWords.Field(second, 0, 255), PanelWords.Field(second, 8, 255), signs, 2, (8 * part) + 4, to);
            CodeBooks.PutFours(CodeBooks.Iq3Xxs, PanelWords.Field(second, 16, 255), second >>> 24, signs, 3, (8 * part) + 6, to);
        }
    }
}

/// <summary>IQ3_S: d, 64 low bytes of codes of four weights, 8 bytes of their ninth bits, 32 bytes of signs, four-bit scales, one per 32 weights.</summary>
internal readonly unsafe struct Iq3S : ISumFormat
{
    public static int BlockBytes => 110;

    public static int BlockWeights => 256;

    public static int PartWeights => 32;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (16 * half)));
        var scales = PanelWords.Load(row + (106 * 16), 0, half);
        for (var part = 0; part < 8; part++)
        {
            to.PutScale(part, CodeBooks.Odd(PanelWords.Field(scales, 4 * part, 15)));
            Vector256<uint> first = PanelWords.Load(row + 32, 2 * part, half), second = PanelWords.Load(row + 32, (2 * part) + 1, half);
            var high = PanelWords.Load(row + (66 * 16), part / 4, half) >>> (8 * (part % 4));
            var signs = PanelWords.Load(row + (74 * 16), part, half);
            Vector256<uint> ninth = Vector256.Create(0x100u), low = Vector256.Create(255u);
            CodeBooks.PutFours(CodeBooks.Iq3S, (first & low) | ((high << 8) & ninth), ((first >>> 8) & low) | ((high << 7) & ninth), signs, 0, 8 * part, to);
            CodeBooks.PutFours(CodeBooks.Iq3S, ((first >>> 16) & low) | ((high << 6) & ninth), (first >>> 24) | ((high << 5) & ninth), signs, 1, (8 * part) + 2, to);
            CodeBooks.PutFours(CodeBooks.Iq3S, (second & low) | ((high << 4) & ninth), ((second >>> 8) & low) | ((high << 3) & ninth), signs, 2, (8 * part) + 4, to);
            CodeBooks.PutFours(CodeBooks.Iq3S, ((second >>> 16) & low) | ((high << 2) & ninth), (second >>> 24) | ((high << 1) & ninth), signs, 3, (8 * part) + 6, to);
        }
    }
}

/// <summary>IQ1_S: d, 32 low bytes of codes; per 32 weights sixteen bits: four times three high bits, a scale of three bits, the sign of the shift by an eighth.</summary>
internal readonly unsafe struct Iq1S : ISumFormat
{
    public static int BlockBytes => 50;

    public static int BlockWeights => 256;

    public static int PartWeights => 32;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.PutScale(HalfVectors.Load8(row + (16 * half)));
        for (var part = 0; part < 8; part++)
        {
            Vector256<uint> low = PanelWords.Load(row + 32, part, half), packed = PanelWords.Load(row + (34 * 16), part / 2, half) >>> (16 * (part % 2));
            to.PutScale(part, CodeBooks.Odd(PanelWords.Field(packed, 12, 7)));
            var shift = CodeBooks.Shift(packed, 15);
            CodeBooks.PutShifted(PanelWords.Field(low, 0, 255) | ((packed << 8) & Vector256.Create(0x700u)), shift, 8 * part, to);
            CodeBooks.PutShifted(PanelWords.Field(low, 8, 255) | ((packed << 5) & Vector256.Create(0x700u)), shift, (8 * part) + 2, to);
            CodeBooks.PutShifted(PanelWords.Field(low, 16, 255) | ((packed << 2) & Vector256.Create(0x700u)), shift, (8 * part) + 4, to);
            CodeBooks.PutShifted((low >>> 24) | ((packed >>> 1) & Vector256.Create(0x700u)), shift, (8 * part) + 6, to);
        }
    }
}

/// <summary>
/// IQ1_M: 32 low bytes of codes; per 8 weights a nibble of three high bits and the sign of the shift by an eighth; four words of four scales of three bits (one per 16
/// weights) and a quarter of d.
/// </summary>
internal readonly unsafe struct Iq1M : ISumFormat
{
    public static int BlockBytes => 56;

    public static int BlockWeights => 256;

    public static int PartWeights => 16;

    public static void Decode<TDot>(byte* row, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        Vector256<uint> s01 = PanelWords.Load(row + (48 * 16), 0, half), s23 = PanelWords.Load(row + (48 * 16), 1, half);
        to.PutScale(Scale(s01, s23));
        for (var k = 0; k < 4; k++)
        {
            to.PutScale(k, CodeBooks.Odd(PanelWords.Field(s01, 3 * k, 7)));
            to.PutScale(4 + k, CodeBooks.Odd(PanelWords.Field(s01, 16 + (3 * k), 7)));
            to.PutScale(8 + k, CodeBooks.Odd(PanelWords.Field(s23, 3 * k, 7)));
            to.PutScale(12 + k, CodeBooks.Odd(PanelWords.Field(s23, 16 + (3 * k), 7)));
        }

        for (var u = 0; u < 8; u++)
        {
            Vector256<uint> low = PanelWords.Load(row, u, half), high = PanelWords.Load(row + (32 * 16), u / 2, half) >>> (16 * (u % 2));
            CodeBooks.PutShifted(PanelWords.Field(low, 0, 255) | ((high << 8) & Vector256.Create(0x700u)), CodeBooks.Shift(high, 3), 8 * u, to);
            CodeBooks.PutShifted(PanelWords.Field(low, 8, 255) | ((high << 4) & Vector256.Create(0x700u)), CodeBooks.Shift(high, 7), (8 * u) + 2, to);
            CodeBooks.PutShifted(PanelWords.Field(low, 16, 255) | (high & Vector256.Create(0x700u)), CodeBooks.Shift(high, 11), (8 * u) + 4, to);
            CodeBooks.PutShifted((low >>> 24) | ((high >>> 4) & Vector256.Create(0x700u)), CodeBooks.Shift(high, 15), (8 * u) + 6, to);
        }
    }

    /// <summary>d, four bits from the top of each of the four words.</summary>
    [SkipLocalsInit]
    private static Vector256<float> Scale(Vector256<uint> s01, Vector256<uint> s23)
    {
        var bits = PanelWords.Field(s01, 12, 0xF) | PanelWords.Field(s01, 24, 0xF0) | ((s23 >>> 4) & Vector256.Create(0xF00u)) | ((s23 >>> 16) & Vector256.Create(0xF000u));
        var halves = Vector128.Narrow(bits.GetLower(), bits.GetUpper());
        return HalfVectors.Load8(&halves);
    }
}
