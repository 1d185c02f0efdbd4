using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Code books in native memory, where vectors gather from them, and the signs that go with their magnitudes.</summary>
internal static unsafe class CodeBooks
{
    /// <summary>IQ1_S and IQ1_M: 2,048 groups of eight, times eight.</summary>
    public static readonly uint* Iq1Eightfold = Copy(CodebookGrids.Iq1, 8);

    /// <summary>Sixteen scales of 2·n + 1, n of four bits.</summary>
    public static void PutScales<TDot>(byte* field, int half, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        for (var part = 0; part < 16; part++)
            to.PutScale(part, Odd(PanelWords.Field(PanelWords.Load(field, part / 8, half), 4 * (part % 8), 15)));
    }

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

    /// <summary>A code book times <paramref name="factor"/> in native memory; it is never freed.</summary>
    public static uint* Copy(ReadOnlySpan<sbyte> grid, int factor = 1)
    {
        var to = (sbyte*)NativeMemory.AlignedAlloc((nuint)grid.Length, 64);
        for (var i = 0; i < grid.Length; i++)
            to[i] = (sbyte)(factor * grid[i]);
        return (uint*)to;
    }
}
