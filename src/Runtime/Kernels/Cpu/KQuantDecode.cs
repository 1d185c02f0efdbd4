using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Steps that the K-quants' decoders share.</summary>
internal static unsafe class KQuantDecode
{
    /// <summary>
    /// Units first, first + 2, +4, +6 of eight columns, four bytes each: byte i of unit m goes to byte m of dword i, columns r and r + 4 in
    /// vector r.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Columns Transpose(byte* units, int first, int half)
    {
        var at = units + (64 * first) + (32 * half);
        Vector256<byte> u0 = Vector256.Load(at),
            u1 = Vector256.Load(at + 128),
            u2 = Vector256.Load(at + 256),
            u3 = Vector256.Load(at + 384);
        Vector256<short> a = Avx2.UnpackLow(u0, u1).AsInt16(),
            b = Avx2.UnpackHigh(u0, u1).AsInt16();
        Vector256<short> c = Avx2.UnpackLow(u2, u3).AsInt16(),
            d = Avx2.UnpackHigh(u2, u3).AsInt16();
        return new Columns(
            Avx2.UnpackLow(a, c).AsByte(),
            Avx2.UnpackHigh(a, c).AsByte(),
            Avx2.UnpackLow(b, d).AsByte(),
            Avx2.UnpackHigh(b, d).AsByte()
        );
    }

    /// <summary>(v >> shift) &amp; mask in every byte; a negative shift goes left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Bits(Vector256<byte> v, int shift, byte mask) =>
        (shift >= 0 ? v.AsUInt16() >> shift : v.AsUInt16() << -shift).AsByte() & Vector256.Create(mask);

    /// <summary>Unsigned scales of four sub-blocks from <paramref name="first"/>, one byte each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PutScales(Vector256<int> bytes, int half, int first, KQuantScales* to)
    {
        for (var i = 0; i < 4; i++)
        for (var r = 0; r < 4; r++)
        {
            var index = Vector256.Create((short)unchecked((short)0x8000 | ((4 * r) + i)));
            Avx2.Shuffle(bytes.AsByte(), index.AsByte()).AsInt16().Store(ScalePlace(to, half, first + i, r));
        }
    }

    /// <summary>Signed scales of two sub-blocks from <paramref name="first"/>, two bytes each (one for sixteen weights).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PutPairScales(Vector256<int> bytes, int half, int first, KQuantScales* to)
    {
        for (var i = 0; i < 2; i++)
        for (var r = 0; r < 4; r++)
        {
            var at = (4 * r) + (2 * i);
            var index = Vector256.Create(0x00800080 | (at << 8) | ((at + 1) << 24));
            (Avx2.Shuffle(bytes.AsByte(), index.AsByte()).AsInt16() >> 8).Store(ScalePlace(to, half, first + i, r));
        }
    }

    /// <summary>What Q4_K and Q5_K begin with: d, the scale of the minima, and the packed scales and minima.</summary>
    public static void PutPackedHeader(byte* row, KQuantScales* to)
    {
        PutHalves(row, to->Scale);
        PutHalves(row + 32, to->Minimum);
        PutPackedScales(row + 64, to);
    }

    /// <summary>The twelve packed bytes of Q4_K and Q5_K: eight scales and eight minima of six bits.</summary>
    private static void PutPackedScales(byte* units, KQuantScales* to)
    {
        Vector256<int> six = Vector256.Create(0x3F3F3F3F),
            four = Vector256.Create(0x0F0F0F0F),
            two = Vector256.Create(0x03030303);
        for (var half = 0; half < 2; half++)
        {
            var at = units + (32 * half);
            Vector256<int> u0 = Vector256.Load((int*)at),
                u1 = Vector256.Load((int*)(at + 64)),
                u2 = Vector256.Load((int*)(at + 128));
            PutScales(u0 & six, half, 0, to);
            PutScales((u2 & four) | (((u0 >>> 6) & two) << 4), half, 4, to);
            PutMinima(u1 & six, half, 0, to);
            PutMinima(((u2 >>> 4) & four) | (((u1 >>> 6) & two) << 4), half, 2, to);
        }
    }

    /// <summary>Sixteen binary16 scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PutHalves(byte* at, float* to)
    {
        HalfVectors.Load8(at).Store(to);
        HalfVectors.Load8(at + 16).Store(to + 8);
    }

    private static short* ScalePlace(KQuantScales* to, int half, int sub, int r) => to->Scales + ((((half * 8) + sub) * 4) + r) * 16;

    private static void PutMinima(Vector256<int> bytes, int half, int pair, KQuantScales* to)
    {
        var index = Vector256.Create(
            unchecked((int)0x80018000),
            unchecked((int)0x80058004),
            unchecked((int)0x80098008),
            unchecked((int)0x800D800C),
            unchecked((int)0x80018000),
            unchecked((int)0x80058004),
            unchecked((int)0x80098008),
            unchecked((int)0x800D800C)
        );
        Avx2.Shuffle(bytes.AsByte(), index.AsByte()).AsInt32().Store(to->Minima + (((half * 4) + pair) * 8));
        Avx2.Shuffle(bytes.AsByte(), (index + Vector256.Create(0x00020002)).AsByte())
            .AsInt32()
            .Store(to->Minima + (((half * 4) + pair + 1) * 8));
    }

    /// <summary>Stores four vectors of codes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(byte* place, Vector256<byte> c0, Vector256<byte> c1, Vector256<byte> c2, Vector256<byte> c3)
    {
        c0.Store(place);
        c1.Store(place + 32);
        c2.Store(place + 64);
        c3.Store(place + 96);
    }

    /// <summary>Four transposed vectors.</summary>
    internal readonly struct Columns(Vector256<byte> c0, Vector256<byte> c1, Vector256<byte> c2, Vector256<byte> c3)
    {
        public readonly Vector256<byte> C0 = c0;
        public readonly Vector256<byte> C1 = c1;
        public readonly Vector256<byte> C2 = c2;
        public readonly Vector256<byte> C3 = c3;

        /// <summary>The same shift and mask on all four.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Columns Bits(int shift, byte mask) =>
            new(
                KQuantDecode.Bits(C0, shift, mask),
                KQuantDecode.Bits(C1, shift, mask),
                KQuantDecode.Bits(C2, shift, mask),
                KQuantDecode.Bits(C3, shift, mask)
            );

        /// <summary>Bitwise or, element by element.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Columns operator |(in Columns a, in Columns b) => new(a.C0 | b.C0, a.C1 | b.C1, a.C2 | b.C2, a.C3 | b.C3);

        /// <summary>Stores all four.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(byte* place) => Put(place, C0, C1, C2, C3);
    }
}
