using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>What the formats of 32-weight blocks share.</summary>
internal static unsafe class Block32Fields
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Nibbles(byte* units, int half, int unit, out Vector256<byte> first, out Vector256<byte> second)
    {
        var both = Vector256.Load(units + (64 * unit) + (32 * half));
        first = both & Vector256.Create((byte)15);
        second = (both.AsUInt16() >> 4).AsByte() & Vector256.Create((byte)15);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FiveBits(byte* high, byte* units, int half, int unit, out Vector256<byte> first, out Vector256<byte> second)
    {
        Nibbles(units, half, unit, out first, out second);
        var bits = PanelWords.Load(high, 0, half);
        // Weights 4·unit… have their fifth bits in byte unit/2 of the column's word; the second half two bytes further.
        var mask = (unit & 1) == 0 ? PanelWords.FirstFour : PanelWords.LastFour;
        first |= PanelWords.Test(PanelWords.Spread(bits, unit / 2), mask) & Vector256.Create((byte)16);
        second |= PanelWords.Test(PanelWords.Spread(bits, (unit / 2) + 2), mask) & Vector256.Create((byte)16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Lookup(
        byte* units,
        int half,
        int unit,
        Vector128<sbyte> table,
        out Vector256<byte> first,
        out Vector256<byte> second
    )
    {
        Nibbles(units, half, unit, out first, out second);
        var both = Vector256.Create(table, table).AsByte();
        first = Avx2.Shuffle(both, first);
        second = Avx2.Shuffle(both, second);
    }
}
