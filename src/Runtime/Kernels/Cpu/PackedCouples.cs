using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Codes of a sub-block of Q4_K or Q5_K, four lanes of sixteen columns, in pairs of neighbours of one lane.</summary>
/// <param name="a">First pair of every lane, columns 0 and 1 of every four.</param>
/// <param name="b">First pair, columns 2 and 3.</param>
/// <param name="c">Second pair, columns 0 and 1.</param>
/// <param name="d">Second pair, columns 2 and 3.</param>
internal readonly unsafe struct PackedCouples(Vector512<byte> a, Vector512<byte> b, Vector512<byte> c, Vector512<byte> d)
{
    public readonly Vector512<byte> A = a;
    public readonly Vector512<byte> B = b;
    public readonly Vector512<byte> C = c;
    public readonly Vector512<byte> D = d;

    /// <summary>Decodes the sub-blocks 2·pair and 2·pair + 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read<TFormat>(byte* row, int pair, int group, out PackedCouples first, out PackedCouples second)
        where TFormat : struct, IPackedFormat
    {
        var both = Couple(row + (16 * TFormat.Nibbles) + (512 * pair) + (64 * group));
        first = both.Bits(0, 15);
        second = both.Bits(4, 15);
        if (TFormat.FifthBits == 0)
            return;
        var high = Couple(row + (16 * TFormat.FifthBits) + (64 * group));
        first |= high.FifthBits(2 * pair);
        second |= high.FifthBits((2 * pair) + 1);
    }

    /// <summary>Bytes of the units 0, 2, 4 and 6, which hold neighbours of one lane, side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static PackedCouples Couple(byte* units)
    {
        Vector512<byte> u0 = Vector512.Load(units),
            u1 = Vector512.Load(units + 128),
            u2 = Vector512.Load(units + 256),
            u3 = Vector512.Load(units + 384);
        return new PackedCouples(
            Avx512BW.UnpackLow(u0, u1),
            Avx512BW.UnpackHigh(u0, u1),
            Avx512BW.UnpackLow(u2, u3),
            Avx512BW.UnpackHigh(u2, u3)
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private PackedCouples Bits(int shift, byte mask) =>
        new(Bits(A, shift, mask), Bits(B, shift, mask), Bits(C, shift, mask), Bits(D, shift, mask));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private PackedCouples FifthBits(int bit) => new(FifthBits(A, bit), FifthBits(B, bit), FifthBits(C, bit), FifthBits(D, bit));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Bits(Vector512<byte> v, int shift, byte mask) =>
        (v.AsUInt16() >>> shift).AsByte() & Vector512.Create(mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> FifthBits(Vector512<byte> v, int bit) =>
        (((v.AsUInt16() >>> bit) & Vector512.Create((ushort)0x0101)) << 4).AsByte();

    /// <summary>Bitwise or, element by element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedCouples operator |(in PackedCouples x, in PackedCouples y) => new(x.A | y.A, x.B | y.B, x.C | y.C, x.D | y.D);
}
