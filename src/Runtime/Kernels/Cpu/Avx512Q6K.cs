using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>
/// Q6_K in 512-bit vectors. Against one vector, weights of one lane are brought together before they are put together from their bits.
/// Against several, byte products take one signed side: it is the weights, and the activations are moved up by 128. What that adds depends
/// on the weights alone, so the sums begin below zero by it.
/// </summary>
internal readonly unsafe struct Avx512Q6K : IKQuantGemv, IAvx512Codes
{
    /// <summary>Bytes fetched ahead while four lanes are multiplied, a quarter at a time: more lines at once than a core has buffers for
    /// would stop its loads.</summary>
    private const int Ahead = 4 * Q6KFormat.Bytes;

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
        var next = row + (32 * Q6KFormat.Bytes);
        byte* low = row,
            high = row + (16 * 128);
        var scales = (int*)(row + (16 * 192));
        for (var n = 0; n < 2; n++, low += 1024, high += 512, scales += 32, lanes += 128, pairs += 64, next += 8 * Q6KFormat.Bytes)
        {
            Vector512<int> first = Vector512.Load(scales),
                second = Vector512.Load(scales + 16);
            Vector512<int> s0 = Words(first, 0),
                s1 = Words(first, 1),
                s2 = Words(second, 0),
                s3 = Words(second, 1);
            AddFour(low, high, lanes, pairs, next, s0, s1, s2, s3, ref n0, ref n1, ref n2, ref n3);
            AddFour(low + 64, high + 64, lanes + 16, pairs + 8, next + Ahead, s0, s1, s2, s3, ref m0, ref m1, ref m2, ref m3);
        }

        var scale = HalfVectors.Load16(row + (16 * 208)) * Vector512.Create(x.Scales[sub / 8]);
        Avx512Sums.Add(sums + KQuantState.Group(0), scale, n0, n1, n2, n3);
        Avx512Sums.Add(sums + KQuantState.Group(1), scale, m0, m1, m2, m3);
    }

    /// <summary>Two signed bytes of every dword as words: the lower two or the upper two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Words(Vector512<int> bytes, int upper)
    {
        var index = Vector512.Create(
            Vector256.Create(Vector128.Create(0x01800080, 0x05800480, 0x09800880, 0x0D800C80) + Vector128.Create(0x02000200 * upper))
        );
        return (Avx512BW.Shuffle(bytes.AsByte(), index.AsByte()).AsInt16() >> 8).AsInt32();
    }

    /// <summary>Four lanes of four sub-blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [SuppressMessage("Design", "MA0051", Justification = "Accumulators stay in registers only within one method.")]
    private static void AddFour(
        byte* low,
        byte* high,
        sbyte* lanes,
        short* pairs,
        byte* next,
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
        CodeFetch.Fetch(next, Ahead / 4);
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
        CodeFetch.Fetch(next + (1 * Ahead / 4), Ahead / 4);
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
        CodeFetch.Fetch(next + (2 * Ahead / 4), Ahead / 4);
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
        CodeFetch.Fetch(next + (3 * Ahead / 4), Ahead / 4);
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
        n0 = Avx512Sums.Pairs(n0, Avx512BW.MultiplyAddAdjacent(a0 | h0, x) - excess, Avx512Sums.OnLanes(s, 0x00));
        n1 = Avx512Sums.Pairs(n1, Avx512BW.MultiplyAddAdjacent(a1 | h1, x) - excess, Avx512Sums.OnLanes(s, 0x55));
        n2 = Avx512Sums.Pairs(n2, Avx512BW.MultiplyAddAdjacent(a2 | h2, x) - excess, Avx512Sums.OnLanes(s, 0xAA));
        n3 = Avx512Sums.Pairs(n3, Avx512BW.MultiplyAddAdjacent(a3 | h3, x) - excess, Avx512Sums.OnLanes(s, 0xFF));
    }

    /// <summary>Units 0, 2, 4 and 6: byte i of unit m goes to byte m of dword i, four columns in vector r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
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
    private static Vector512<byte> Left(Vector512<byte> v, int shift) => (v.AsUInt16() << shift).AsByte() & Vector512.Create((byte)48);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Right(Vector512<byte> v, int shift, byte mask) =>
        (v.AsUInt16() >>> shift).AsByte() & Vector512.Create(mask);

    public static int StepBytes => 512;

    public static bool HasMinimum => false;

    public static sbyte* Arranged(Activations x) => x.Lanes;

    public static void Store(byte* row, Avx512Block* to)
    {
        HalfVectors.Load16(row + (16 * 208)).Store(to->Scale);
        for (var quarter = 0; quarter < 4; quarter++)
        {
            var bytes = Vector512.Load((int*)(row + (16 * 192) + (64 * quarter)));
            Avx512Sums.PutScales(to->Scales + (256 * quarter), Words(bytes, 0));
            Avx512Sums.PutScales(to->Scales + (256 * quarter) + 128, Words(bytes, 1));
        }

        for (var n = 0; n < 2; n++)
        for (var group = 0; group < 2; group++)
            StoreGroup(row + (1024 * n) + (64 * group), row + (16 * 128) + (512 * n) + (64 * group), to, 4 * n, group);
    }

    /// <summary>Four lanes of four sub-blocks.</summary>
    private static void StoreGroup(byte* low, byte* high, Avx512Block* to, int sub, int group)
    {
        Transpose(low, out var a0, out var a1, out var a2, out var a3);
        Transpose(low + 512, out var b0, out var b1, out var b2, out var b3);
        Transpose(high, out var h0, out var h1, out var h2, out var h3);
        Put(to, sub, group, 0, a0, b0, h0);
        Put(to, sub, group, 1, a1, b1, h1);
        Put(to, sub, group, 2, a2, b2, h2);
        Put(to, sub, group, 3, a3, b3, h3);
    }

    /// <summary>Vector r of four sub-blocks.</summary>
    private static void Put(Avx512Block* to, int sub, int group, int r, Vector512<byte> a, Vector512<byte> b, Vector512<byte> h)
    {
        var four = Vector512.Create((byte)15);
        var start = Vector512<int>.Zero;
        Put(to, sub, group, r, (a & four) | Left(h, 4), ref start);
        Put(to, sub + 1, group, r, (b & four) | Left(h, 2), ref start);
        Put(to, sub + 2, group, r, Right(a, 4, 15) | (h & Vector512.Create((byte)48)), ref start);
        Put(to, sub + 3, group, r, Right(b, 4, 15) | Right(h, 2, 48), ref start);
        var place = to->Starts + (64 * group) + (16 * r);
        (Vector512.Load(place) - (start << 7)).Store(place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Avx512Block* to, int sub, int group, int r, Vector512<byte> codes, ref Vector512<int> start)
    {
        var weights = (codes - Vector512.Create((byte)32)).AsSByte();
        weights.Store((sbyte*)to->Codes + (512 * sub) + (256 * group) + (64 * r));
        start = Avx512Sums.Pairs(
            start,
            Avx512BW.MultiplyAddAdjacent(Vector512<byte>.One, weights),
            Vector512.Load(to->Scales + (128 * sub) + (32 * r))
        );
    }

    /// <summary>Four lanes of a sub-block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddGroup(
        byte* codes,
        sbyte* x,
        Vector512<short> s0,
        Vector512<short> s1,
        Vector512<short> s2,
        Vector512<short> s3,
        ref Vector512<int> n0,
        ref Vector512<int> n1,
        ref Vector512<int> n2,
        ref Vector512<int> n3
    )
    {
        var moved = Avx512F.BroadcastVector128ToVector512((int*)x).AsByte() ^ Vector512.Create((byte)0x80);
        n0 = Avx512Sums.Pairs(n0, Avx512BW.MultiplyAddAdjacent(moved, Vector512.Load((sbyte*)codes)), s0);
        n1 = Avx512Sums.Pairs(n1, Avx512BW.MultiplyAddAdjacent(moved, Vector512.Load((sbyte*)codes + 64)), s1);
        n2 = Avx512Sums.Pairs(n2, Avx512BW.MultiplyAddAdjacent(moved, Vector512.Load((sbyte*)codes + 128)), s2);
        n3 = Avx512Sums.Pairs(n3, Avx512BW.MultiplyAddAdjacent(moved, Vector512.Load((sbyte*)codes + 192)), s3);
    }
}
