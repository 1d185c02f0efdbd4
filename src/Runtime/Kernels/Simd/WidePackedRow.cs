using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Simd;

/// <summary>
/// Q4_K and Q5_K in 512-bit vectors. Weights are brought together in pairs of one lane; the products of two sub-blocks are brought together after the multiplication,
/// so that one multiplication scales both.
/// </summary>
internal readonly unsafe struct WidePackedRow<TFormat> : ILaneRow
    where TFormat : struct, ILaneFormat
{
    private static bool HasFifthBit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(TFormat) == typeof(Q5K);
    }

    public static void Add(byte* row, Activations x, long sub, float* sums)
    {
        Vector512<int> six = Vector512.Create(0x3F3F3F3F), four = Vector512.Create(0x0F0F0F0F), two = Vector512.Create(0x03030303);
        Vector512<int> u0 = Vector512.Load((int*)(row + 64)), u1 = Vector512.Load((int*)(row + 128)), u2 = Vector512.Load((int*)(row + 192));
        var dx = Vector512.Create(x.Scales[sub / 8]);

        // Minima, two sub-blocks a dword of each column.
        var minima = u1 & six;
        var isum = PairSums(minima, (int*)(x.Sums32 + sub));
        minima = ((u2 >>> 4) & four) | (((u1 >>> 6) & two) << 4);
        isum += PairSums(minima, (int*)(x.Sums32 + sub + 4));
        var term = HalfVectors.Load16(row + 32) * dx * Vector512.ConvertToSingle(isum);
        (Vector512.Load(sums) - term).Store(sums);

        var scales = u0 & six;
        Vector512<int> n0 = Vector512<int>.Zero, n1 = n0, n2 = n0, n3 = n0, m0 = n0, m1 = n0, m2 = n0, m3 = n0;
        var next = row + (32 * TFormat.BlockBytes);
        var units = row + (HasFifthBit ? 768 : 256);
        var couples = x.Couples + (sub * 32);
        var high = row + 256;
        for (var j = 0; j < 4; j++, units += 512, couples += 64, next += 4 * TFormat.BlockBytes)
        {
            CodeFetch.Fetch(next, 4 * TFormat.BlockBytes);
            if (j == 2)
                scales = (u2 & four) | (((u0 >>> 6) & two) << 4);
            var pair = Avx512BW.Shuffle((scales >>> (16 * (j & 1))).AsByte(), WordIndex.AsByte()).AsInt32();
            Vector512<short> s0 = WideLanes.OnLanes(pair, 0x00), s1 = WideLanes.OnLanes(pair, 0x55), s2 = WideLanes.OnLanes(pair, 0xAA), s3 = WideLanes.OnLanes(pair, 0xFF);
            AddGroup(units, high, 2 * j, couples, s0, s1, s2, s3, ref n0, ref n1, ref n2, ref n3);
            AddGroup(units + 64, high + 64, 2 * j, couples + 16, s0, s1, s2, s3, ref m0, ref m1, ref m2, ref m3);
        }

        var scale = HalfVectors.Load16(row) * dx;
        WideLanes.Add(sums + LaneState.Group(0), scale, n0, n1, n2, n3);
        WideLanes.Add(sums + LaneState.Group(1), scale, m0, m1, m2, m3);
    }

    /// <summary>Bytes 0 and 1 of every dword as words.</summary>
    private static Vector512<int> WordIndex =>
        Vector512.Create(Vector256.Create(Vector128.Create(unchecked((int)0x80018000), unchecked((int)0x80058004), unchecked((int)0x80098008), unchecked((int)0x800D800C))));

    /// <summary>Four bytes of each column times four sums of activations.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> PairSums(Vector512<int> bytes, int* xSums)
    {
        var first = Avx512BW.Shuffle(bytes.AsByte(), WordIndex.AsByte()).AsInt16();
        var second = Avx512BW.Shuffle((bytes >>> 16).AsByte(), WordIndex.AsByte()).AsInt16();
        return Avx512BW.MultiplyAddAdjacent(first, Vector512.Create(xSums[0]).AsInt16()) + Avx512BW.MultiplyAddAdjacent(second, Vector512.Create(xSums[1]).AsInt16());
    }

    /// <summary>Four lanes of two sub-blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddGroup(
        byte* units, byte* high, int bit, sbyte* couples, Vector512<short> s0, Vector512<short> s1, Vector512<short> s2, Vector512<short> s3,
        ref Vector512<int> n0, ref Vector512<int> n1, ref Vector512<int> n2, ref Vector512<int> n3)
    {
        Couple(units, out var a, out var b, out var c, out var d);
        var mask = Vector512.Create((byte)15);
        Vector512<byte> a1 = (a.AsUInt16() >>> 4).AsByte() & mask, b1 = (b.AsUInt16() >>> 4).AsByte() & mask;
        Vector512<byte> c1 = (c.AsUInt16() >>> 4).AsByte() & mask, d1 = (d.AsUInt16() >>> 4).AsByte() & mask;
        a &= mask;
        b &= mask;
        c &= mask;
        d &= mask;
        if (HasFifthBit)
        {
            Couple(high, out var ha, out var hb, out var hc, out var hd);
            (a, a1) = (a | FifthBit(ha, bit), a1 | FifthBit(ha, bit + 1));
            (b, b1) = (b | FifthBit(hb, bit), b1 | FifthBit(hb, bit + 1));
            (c, c1) = (c | FifthBit(hc, bit), c1 | FifthBit(hc, bit + 1));
            (d, d1) = (d | FifthBit(hd, bit), d1 | FifthBit(hd, bit + 1));
        }

        var first = Broadcast(couples);
        var second = Broadcast(couples + 8);
        var low = Avx512BW.MultiplyAddAdjacent(a, first) + Avx512BW.MultiplyAddAdjacent(c, second);
        var lowUpper = Avx512BW.MultiplyAddAdjacent(b, first) + Avx512BW.MultiplyAddAdjacent(d, second);
        first = Broadcast(couples + 32);
        second = Broadcast(couples + 40);
        var other = Avx512BW.MultiplyAddAdjacent(a1, first) + Avx512BW.MultiplyAddAdjacent(c1, second);
        var otherUpper = Avx512BW.MultiplyAddAdjacent(b1, first) + Avx512BW.MultiplyAddAdjacent(d1, second);
        n0 = WideLanes.Pairs(n0, Avx512BW.UnpackLow(low, other), s0);
        n1 = WideLanes.Pairs(n1, Avx512BW.UnpackHigh(low, other), s1);
        n2 = WideLanes.Pairs(n2, Avx512BW.UnpackLow(lowUpper, otherUpper), s2);
        n3 = WideLanes.Pairs(n3, Avx512BW.UnpackHigh(lowUpper, otherUpper), s3);
    }

    /// <summary>
    /// Bytes of the units 0, 2, 4 and 6, which hold neighbours of one lane, side by side: a and b those of the first two units, c and d of the others; a and c of the
    /// columns 0 and 1 of every four, b and d of 2 and 3.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Couple(byte* units, out Vector512<byte> a, out Vector512<byte> b, out Vector512<byte> c, out Vector512<byte> d)
    {
        Vector512<byte> u0 = Vector512.Load(units), u1 = Vector512.Load(units + 128), u2 = Vector512.Load(units + 256), u3 = Vector512.Load(units + 384);
        a = Avx512BW.UnpackLow(u0, u1);
        b = Avx512BW.UnpackHigh(u0, u1);
        c = Avx512BW.UnpackLow(u2, u3);
        d = Avx512BW.UnpackHigh(u2, u3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<sbyte> Broadcast(sbyte* four) => Vector512.Create(*(long*)four).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> FifthBit(Vector512<byte> bits, int bit) => (((bits.AsUInt16() >>> bit) & Vector512.Create((ushort)0x0101)) << 4).AsByte();
}
