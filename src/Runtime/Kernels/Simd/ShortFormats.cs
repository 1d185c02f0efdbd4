using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Simd;

/// <summary>What the formats of 32-weight blocks share.</summary>
internal static unsafe class ShortFormat
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
    public static void Lookup(byte* units, int half, int unit, Vector128<sbyte> table, out Vector256<byte> first, out Vector256<byte> second)
    {
        Nibbles(units, half, unit, out first, out second);
        var both = Vector256.Create(table, table).AsByte();
        first = Avx2.Shuffle(both, first);
        second = Avx2.Shuffle(both, second);
    }
}

/// <summary>Q4_0: d, 16 bytes of nibbles; (sum · d) · dx.</summary>
internal readonly unsafe struct Q4Zero : IShortFormat
{
    public static int BlockBytes => 18;

    public static bool Signed => false;

    public static int Offset => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes(byte* row, int half, int unit, out Vector256<byte> first, out Vector256<byte> second)
        => ShortFormat.Nibbles(row + 32, half, unit, out first, out second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scale(byte* row, int half) => HalfVectors.Load8(row + (16 * half));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Minimum(byte* row, int half) => Vector256<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Term(
        Vector256<float> sum, Vector256<float> scale, Vector256<float> minimum, Vector256<float> xScale, Vector256<float> xProduct) => sum * scale * xScale;
}

/// <summary>Q4_1: d, m, 16 bytes of nibbles.</summary>
internal readonly unsafe struct Q4One : IShortFormat
{
    public static int BlockBytes => 20;

    public static bool Signed => false;

    public static int Offset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes(byte* row, int half, int unit, out Vector256<byte> first, out Vector256<byte> second)
        => ShortFormat.Nibbles(row + 64, half, unit, out first, out second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scale(byte* row, int half) => HalfVectors.Load8(row + (16 * half));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Minimum(byte* row, int half) => HalfVectors.Load8(row + 32 + (16 * half));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Term(
        Vector256<float> sum, Vector256<float> scale, Vector256<float> minimum, Vector256<float> xScale, Vector256<float> xProduct) => (scale * xScale * sum) + (minimum * xProduct);
}

/// <summary>Q5_0: d, fifth bits, 16 bytes of nibbles.</summary>
internal readonly unsafe struct Q5Zero : IShortFormat
{
    public static int BlockBytes => 22;

    public static bool Signed => false;

    public static int Offset => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes(byte* row, int half, int unit, out Vector256<byte> first, out Vector256<byte> second)
        => ShortFormat.FiveBits(row + 32, row + 96, half, unit, out first, out second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scale(byte* row, int half) => HalfVectors.Load8(row + (16 * half));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Minimum(byte* row, int half) => Vector256<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Term(
        Vector256<float> sum, Vector256<float> scale, Vector256<float> minimum, Vector256<float> xScale, Vector256<float> xProduct) => sum * (scale * xScale);
}

/// <summary>Q5_1: d, m, fifth bits, 16 bytes of nibbles.</summary>
internal readonly unsafe struct Q5One : IShortFormat
{
    public static int BlockBytes => 24;

    public static bool Signed => false;

    public static int Offset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes(byte* row, int half, int unit, out Vector256<byte> first, out Vector256<byte> second)
        => ShortFormat.FiveBits(row + 64, row + 128, half, unit, out first, out second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scale(byte* row, int half) => HalfVectors.Load8(row + (16 * half));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Minimum(byte* row, int half) => HalfVectors.Load8(row + 32 + (16 * half));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Term(
        Vector256<float> sum, Vector256<float> scale, Vector256<float> minimum, Vector256<float> xScale, Vector256<float> xProduct) => (scale * xScale * sum) + (minimum * xProduct);
}

/// <summary>Q8_0: d, 32 signed bytes; sum · (d · dx).</summary>
internal readonly unsafe struct Q8Zero : IShortFormat
{
    public static int BlockBytes => 34;

    public static bool Signed => true;

    public static int Offset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes(byte* row, int half, int unit, out Vector256<byte> first, out Vector256<byte> second)
    {
        first = Vector256.Load(row + 32 + (64 * unit) + (32 * half));
        second = Vector256.Load(row + 32 + (64 * (unit + 4)) + (32 * half));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scale(byte* row, int half) => HalfVectors.Load8(row + (16 * half));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Minimum(byte* row, int half) => Vector256<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Term(
        Vector256<float> sum, Vector256<float> scale, Vector256<float> minimum, Vector256<float> xScale, Vector256<float> xProduct) => sum * (scale * xScale);
}

/// <summary>IQ4_NL: d, 16 bytes of nibbles that pick from a code book.</summary>
internal readonly unsafe struct Iq4Nl : IShortFormat
{
    public static int BlockBytes => 18;

    public static bool Signed => true;

    public static int Offset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes(byte* row, int half, int unit, out Vector256<byte> first, out Vector256<byte> second)
        => ShortFormat.Lookup(row + 32, half, unit, Vector128.Create(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113), out first, out second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scale(byte* row, int half) => HalfVectors.Load8(row + (16 * half));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Minimum(byte* row, int half) => Vector256<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Term(
        Vector256<float> sum, Vector256<float> scale, Vector256<float> minimum, Vector256<float> xScale, Vector256<float> xProduct) => sum * (scale * xScale);
}

/// <summary>MXFP4: power-of-two scale, 16 bytes of nibbles that pick from twice the E2M1 values.</summary>
internal readonly unsafe struct MxFp4 : IShortFormat
{
    public static int BlockBytes => 17;

    public static bool Signed => true;

    public static int Offset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Codes(byte* row, int half, int unit, out Vector256<byte> first, out Vector256<byte> second)
        => ShortFormat.Lookup(row + 16, half, unit, Vector128.Create(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12), out first, out second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scale(byte* row, int half) => PowerOfTwo(row + (8 * half));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Minimum(byte* row, int half) => Vector256<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Term(
        Vector256<float> sum, Vector256<float> scale, Vector256<float> minimum, Vector256<float> xScale, Vector256<float> xProduct) => sum * (scale * xScale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> PowerOfTwo(byte* at)
    {
        var wide = Avx2.ConvertToVector256Int32(at);
        var small = Vector256.Create(0x00200000);
        small = Vector256.ConditionalSelect(Vector256.Equals(wide, Vector256<int>.Zero), small, small << 1);
        return Vector256.ConditionalSelect(Vector256.LessThan(wide, Vector256.Create(2)), small, (wide - Vector256<int>.One) << 23).AsSingle();
    }
}
