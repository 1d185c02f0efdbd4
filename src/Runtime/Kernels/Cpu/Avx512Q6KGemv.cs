using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Q6_K in 512-bit vectors: weights of one lane are brought together before they are put together from their bits.</summary>
internal readonly unsafe struct Avx512Q6KGemv : ILaneRow
{
    public static void Add(byte* row, Activations x, long sub, float* sums)
    {
        Vector512<int> n0 = Vector512<int>.Zero,
            n1 = n0,
            n2 = n0,
            n3 = n0,
            m0 = n0,
            m1 = n0,
            m2 = n0,
            m3 = n0;
        var lanes = x.Lanes + (sub * 32);
        var pairs = x.PairSums + (sub * 16);
        var next = row + (32 * Q6K.BlockBytes);
        byte* low = row,
            high = row + (16 * 128);
        var scales = (int*)(row + (16 * 192));
        for (var n = 0; n < 2; n++, low += 1024, high += 512, scales += 32, lanes += 128, pairs += 64, next += 8 * Q6K.BlockBytes)
        {
            CodeFetch.Fetch(next, 8 * Q6K.BlockBytes);
            Vector512<int> first = Vector512.Load(scales),
                second = Vector512.Load(scales + 16);
            Vector512<int> s0 = Words(first, 0),
                s1 = Words(first, 1),
                s2 = Words(second, 0),
                s3 = Words(second, 1);
            AddGroup(low, high, lanes, pairs, s0, s1, s2, s3, ref n0, ref n1, ref n2, ref n3);
            AddGroup(low + 64, high + 64, lanes + 16, pairs + 8, s0, s1, s2, s3, ref m0, ref m1, ref m2, ref m3);
        }

        var scale = HalfVectors.Load16(row + (16 * 208)) * Vector512.Create(x.Scales[sub / 8]);
        Avx512Lanes.Add(sums + LaneState.Group(0), scale, n0, n1, n2, n3);
        Avx512Lanes.Add(sums + LaneState.Group(1), scale, m0, m1, m2, m3);
    }

    /// <summary>Two signed bytes of every dword as words: the lower two or the upper two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Words(Vector512<int> bytes, int upper)
    {
        var index = Vector512.Create(
            Vector256.Create(Vector128.Create(0x01800080, 0x05800480, 0x09800880, 0x0D800C80) + Vector128.Create(0x02000200 * upper))
        );
        return (Avx512BW.Shuffle(bytes.AsByte(), index.AsByte()).AsInt16() >> 8).AsInt32();
    }

    /// <summary>Four lanes of four sub-blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddGroup(
        byte* low,
        byte* high,
        sbyte* lanes,
        short* pairs,
        Vector512<int> s0,
        Vector512<int> s1,
        Vector512<int> s2,
        Vector512<int> s3,
        ref Vector512<int> n0,
        ref Vector512<int> n1,
        ref Vector512<int> n2,
        ref Vector512<int> n3
    )
    {
        Transpose(low, out var a0, out var a1, out var a2, out var a3);
        Transpose(low + 512, out var b0, out var b1, out var b2, out var b3);
        Transpose(high, out var h0, out var h1, out var h2, out var h3);
        Vector512<byte> four = Vector512.Create((byte)15),
            two = Vector512.Create((byte)48);
        AddSub(
            lanes,
            pairs,
            s0,
            a0 & four,
            a1 & four,
            a2 & four,
            a3 & four,
            Left(h0, 4),
            Left(h1, 4),
            Left(h2, 4),
            Left(h3, 4),
            ref n0,
            ref n1,
            ref n2,
            ref n3
        );
        AddSub(
            lanes + 32,
            pairs + 16,
            s1,
            b0 & four,
            b1 & four,
            b2 & four,
            b3 & four,
            Left(h0, 2),
            Left(h1, 2),
            Left(h2, 2),
            Left(h3, 2),
            ref n0,
            ref n1,
            ref n2,
            ref n3
        );
        AddSub(
            lanes + 64,
            pairs + 32,
            s2,
            Right(a0, 4, 15),
            Right(a1, 4, 15),
            Right(a2, 4, 15),
            Right(a3, 4, 15),
            h0 & two,
            h1 & two,
            h2 & two,
            h3 & two,
            ref n0,
            ref n1,
            ref n2,
            ref n3
        );
        AddSub(
            lanes + 96,
            pairs + 48,
            s3,
            Right(b0, 4, 15),
            Right(b1, 4, 15),
            Right(b2, 4, 15),
            Right(b3, 4, 15),
            Right(h0, 2, 48),
            Right(h1, 2, 48),
            Right(h2, 2, 48),
            Right(h3, 2, 48),
            ref n0,
            ref n1,
            ref n2,
            ref n3
        );
    }

    /// <summary>Four lanes of one sub-block; the scale of its first sixteen weights meets the first pair of every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSub(
        sbyte* lanes,
        short* pairs,
        Vector512<int> s,
        Vector512<byte> a0,
        Vector512<byte> a1,
        Vector512<byte> a2,
        Vector512<byte> a3,
        Vector512<byte> h0,
        Vector512<byte> h1,
        Vector512<byte> h2,
        Vector512<byte> h3,
        ref Vector512<int> n0,
        ref Vector512<int> n1,
        ref Vector512<int> n2,
        ref Vector512<int> n3
    )
    {
        var x = Avx512F.BroadcastVector128ToVector512((int*)lanes).AsSByte();
        var excess = Avx512F.BroadcastVector128ToVector512((int*)pairs).AsInt16() << 5;
        n0 = Avx512Lanes.Pairs(n0, Avx512BW.MultiplyAddAdjacent(a0 | h0, x) - excess, Avx512Lanes.OnLanes(s, 0x00));
        n1 = Avx512Lanes.Pairs(n1, Avx512BW.MultiplyAddAdjacent(a1 | h1, x) - excess, Avx512Lanes.OnLanes(s, 0x55));
        n2 = Avx512Lanes.Pairs(n2, Avx512BW.MultiplyAddAdjacent(a2 | h2, x) - excess, Avx512Lanes.OnLanes(s, 0xAA));
        n3 = Avx512Lanes.Pairs(n3, Avx512BW.MultiplyAddAdjacent(a3 | h3, x) - excess, Avx512Lanes.OnLanes(s, 0xFF));
    }

    /// <summary>Units 0, 2, 4 and 6: byte i of unit m goes to byte m of dword i, four columns in vector r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(
        byte* units,
        out Vector512<byte> c0,
        out Vector512<byte> c1,
        out Vector512<byte> c2,
        out Vector512<byte> c3
    )
    {
        Vector512<byte> u0 = Vector512.Load(units),
            u1 = Vector512.Load(units + 128),
            u2 = Vector512.Load(units + 256),
            u3 = Vector512.Load(units + 384);
        Vector512<short> a = Avx512BW.UnpackLow(u0, u1).AsInt16(),
            b = Avx512BW.UnpackHigh(u0, u1).AsInt16();
        Vector512<short> c = Avx512BW.UnpackLow(u2, u3).AsInt16(),
            d = Avx512BW.UnpackHigh(u2, u3).AsInt16();
        c0 = Avx512BW.UnpackLow(a, c).AsByte();
        c1 = Avx512BW.UnpackHigh(a, c).AsByte();
        c2 = Avx512BW.UnpackLow(b, d).AsByte();
        c3 = Avx512BW.UnpackHigh(b, d).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Left(Vector512<byte> v, int shift) => (v.AsUInt16() << shift).AsByte() & Vector512.Create((byte)48);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Right(Vector512<byte> v, int shift, byte mask) =>
        (v.AsUInt16() >>> shift).AsByte() & Vector512.Create(mask);
}
