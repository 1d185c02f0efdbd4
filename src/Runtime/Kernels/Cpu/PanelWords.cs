using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Units of a block row, read for eight columns: one column per 32-bit lane.</summary>
internal static unsafe class PanelWords
{
    /// <summary>Bits 0 to 3 and bits 4 to 7 of a byte, one for each byte of a word.</summary>
    public const uint FirstFour = 0x08040201,
        LastFour = 0x80402010;

    /// <summary>The lowest byte of each lane, four times; plus 0x01010101 · k it is byte k.</summary>
    private static Vector256<int> LowestByte =>
        Vector256.Create(0, 0x04040404, 0x08080808, 0x0C0C0C0C, 0, 0x04040404, 0x08080808, 0x0C0C0C0C);

    /// <summary>Unit <paramref name="unit"/> of a field of four-byte units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Load(byte* field, int unit, int half) => Vector256.Load((uint*)(field + (64 * unit) + (32 * half)));

    /// <summary>A field of two bytes, widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> LoadShorts(byte* field, int half) =>
        Avx2.ConvertToVector256Int32((ushort*)(field + (16 * half))).AsUInt32();

    /// <summary>Byte k of each lane in all four of its bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Spread(Vector256<uint> words, int k) =>
        Avx2.Shuffle(words.AsByte(), (LowestByte + Vector256.Create(0x01010101 * k)).AsByte());

    /// <summary>(v >> shift) &amp; mask in every byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Bits(Vector256<uint> v, int shift, byte mask) => (v >>> shift).AsByte() & Vector256.Create(mask);

    /// <summary>(v >> shift) &amp; mask in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Field(Vector256<uint> v, int shift, uint mask) => (v >>> shift) & Vector256.Create(mask);

    /// <summary>All ones in the bytes that have all bits of <paramref name="bits"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Test(Vector256<byte> v, uint bits) =>
        Vector256.Equals(v & Vector256.Create(bits).AsByte(), Vector256.Create(bits).AsByte());
}
