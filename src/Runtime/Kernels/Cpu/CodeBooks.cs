using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>The code books in native memory, where vectors gather from them, and the signs that go with their magnitudes.</summary>
internal static unsafe class CodeBooks
{
    /// <summary>IQ2_XXS: 256 groups of eight.</summary>
    public static readonly uint* Iq2Xxs = Copy(CodebookGrids.Iq2Xxs);

    /// <summary>IQ2_XS: 512 groups of eight.</summary>
    public static readonly uint* Iq2Xs = Copy(CodebookGrids.Iq2Xs);

    /// <summary>IQ2_S: 1,024 groups of eight.</summary>
    public static readonly uint* Iq2S = Copy(CodebookGrids.Iq2S);

    /// <summary>IQ3_XXS: 256 groups of four.</summary>
    public static readonly uint* Iq3Xxs = Copy(CodebookGrids.Iq3Xxs);

    /// <summary>IQ3_S: 512 groups of four.</summary>
    public static readonly uint* Iq3S = Copy(CodebookGrids.Iq3S);

    /// <summary>IQ1_S and IQ1_M: 2,048 groups of eight, times eight.</summary>
    public static readonly uint* Iq1Eightfold = Copy(CodebookGrids.Iq1, 8);

    /// <summary>NVFP4's 256 block scales.</summary>
    public static readonly float* HalfUE4M3 = Ue4m3();

    /// <summary>Scales of 2·n + 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Odd(Vector256<uint> n) => n + n + Vector256<uint>.One;

    /// <summary>Four groups' seven sign bits, side by side from bit 0, as one byte each; the eighth makes the number of minus signs
    /// even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Signs(Vector256<uint> packed) =>
        WithEighth(
            (packed & Vector256.Create(0x7Fu))
                | ((packed << 1) & Vector256.Create(0x7F00u))
                | ((packed << 2) & Vector256.Create(0x7F0000u))
                | ((packed << 3) & Vector256.Create(0x7F000000u))
        );

    /// <summary>Adds the eighth sign to bytes of seven.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> WithEighth(Vector256<uint> sevens)
    {
        // Parity of a nibble, at the place of the eighth bit.
        var parity = Vector256.Create(0x00808000_80000080, 0x80000080_00808000, 0x00808000_80000080, 0x80000080_00808000).AsByte();
        return sevens
            | (Avx2.Shuffle(parity, PanelWords.Bits(sevens, 0, 15)) ^ Avx2.Shuffle(parity, PanelWords.Bits(sevens, 4, 15))).AsUInt32();
    }

    /// <summary>Groups of eight with the signs of byte <paramref name="k"/> of each column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PutEight<TDot>(uint* book, Vector256<uint> codes, Vector256<uint> signs, int k, int unit, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        var bits = PanelWords.Spread(signs, k);
        to.Put(unit, Negate(Avx2.GatherVector256(book, codes.AsInt32(), 8), PanelWords.Test(bits, PanelWords.FirstFour)));
        to.Put(unit + 1, Negate(Avx2.GatherVector256(book + 1, codes.AsInt32(), 8), PanelWords.Test(bits, PanelWords.LastFour)));
    }

    /// <summary>Two groups of four with the signs of byte <paramref name="k"/> of each column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PutFours<TDot>(
        uint* book,
        Vector256<uint> first,
        Vector256<uint> second,
        Vector256<uint> signs,
        int k,
        int unit,
        SumColumns<TDot> to
    )
        where TDot : struct, IByteDot
    {
        var bits = PanelWords.Spread(signs, k);
        to.Put(unit, Negate(Avx2.GatherVector256(book, first.AsInt32(), 4), PanelWords.Test(bits, PanelWords.FirstFour)));
        to.Put(unit + 1, Negate(Avx2.GatherVector256(book, second.AsInt32(), 4), PanelWords.Test(bits, PanelWords.LastFour)));
    }

    /// <summary>Eightfold groups of IQ1 plus a shift of 1 or −1 in all bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PutShifted<TDot>(Vector256<uint> codes, Vector256<byte> shift, int unit, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.Put(unit, Avx2.GatherVector256(Iq1Eightfold, codes.AsInt32(), 8).AsByte() + shift);
        to.Put(unit + 1, Avx2.GatherVector256(Iq1Eightfold + 1, codes.AsInt32(), 8).AsByte() + shift);
    }

    /// <summary>−1 in all bytes of the columns whose bit <paramref name="bit"/> is set, 1 in the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Shift(Vector256<uint> v, int bit) =>
        ((v.AsInt32() << (31 - bit) >> 31) | Vector256.Create(0x01010101)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Negate(Vector256<uint> magnitudes, Vector256<byte> mask) => (magnitudes.AsByte() ^ mask) - mask;

    private static uint* Copy(ReadOnlySpan<sbyte> grid, int factor = 1)
    {
        var to = (sbyte*)NativeMemory.AlignedAlloc((nuint)grid.Length, 64);
        for (var i = 0; i < grid.Length; i++)
            to[i] = (sbyte)(factor * grid[i]);
        return (uint*)to;
    }

    private static float* Ue4m3()
    {
        var to = (float*)NativeMemory.AlignedAlloc(256 * sizeof(float), 64);
        for (var i = 0; i < 256; i++)
            to[i] = NvFp4Format.HalfScale((byte)i);
        return to;
    }
}
