using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>K-quants whose decoders hand over transposed lanes, sixteen columns at once.</summary>
internal sealed unsafe class KQuantSpreader<TFormat> : RowSpreader
    where TFormat : struct, IKQuantFormat
{
    [SkipLocalsInit]
    public override void Spread(byte* row, int columns, SpreadRow* to)
    {
        for (var half = 0; half < 2; half++)
        for (var group = 0; group < 2; group++)
        {
            var sink = new Lanes(to, half, group);
            TFormat.Codes(row, half, group, ref sink);
        }

        KQuantScales scales;
        TFormat.Scales(row, &scales);
        for (var half = 0; half < 2; half++)
        for (var sub = 0; sub < 8; sub++)
        {
            if (TFormat.HasMinimum)
                PutScaleAndMinimum(&scales, half, sub, to);
            else
                PutTwoScales(&scales, half, sub, to);
        }
    }

    /// <summary>Scales of a sub-block of 32 for eight columns: in each lane a pair of 16 bits.</summary>
    private static Vector256<int> Pairs(KQuantScales* scales, int half, int sub)
    {
        var at = scales->Scales + (64 * ((8 * half) + sub));
        Vector256<int> r0 = Vector256.Load((int*)at),
            r1 = Vector256.Load((int*)(at + 16)),
            r2 = Vector256.Load((int*)(at + 32)),
            r3 = Vector256.Load((int*)(at + 48));
        return Avx2.UnpackLow(Avx2.UnpackLow(r0, r1).AsInt64(), Avx2.UnpackLow(r2, r3).AsInt64()).AsInt32();
    }

    // Both of a pair are the scale of the 32 weights.
    private static void PutScaleAndMinimum(KQuantScales* scales, int half, int sub, SpreadRow* to)
    {
        var minima = Vector256.Load(scales->Minima + (8 * ((4 * half) + (sub / 2))));
        var place = (16 * sub) + (8 * half);
        (Vector256.Load(scales->Scale + (8 * half)) * Vector256.ConvertToSingle(Pairs(scales, half, sub) >> 16)).Store(to->Scales + place);
        (Vector256.Load(scales->Minimum + (8 * half)) * Vector256.ConvertToSingle(sub % 2 == 0 ? minima << 16 >> 16 : minima >> 16)).Store(
            to->Minima + place
        );
    }

    // One of a pair for each sixteen weights.
    private static void PutTwoScales(KQuantScales* scales, int half, int sub, SpreadRow* to)
    {
        var pairs = Pairs(scales, half, sub);
        var d = Vector256.Load(scales->Scale + (8 * half));
        var place = (32 * sub) + (8 * half);
        (d * Vector256.ConvertToSingle(pairs << 16 >> 16)).Store(to->Scales + place);
        (d * Vector256.ConvertToSingle(pairs >> 16)).Store(to->Scales + place + 16);
    }

    /// <summary>Takes byte m of dword i of columns r and r + 4 to code i of unit 2·m + group: bytes are turned within each column, then
    /// columns put side by side.</summary>
    private readonly struct Lanes(SpreadRow* to, int half, int group) : ICodeSink
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Take(int sub, in KQuantDecode.Columns codes)
        {
            Vector256<int> c0 = Turn(codes.C0),
                c1 = Turn(codes.C1),
                c2 = Turn(codes.C2),
                c3 = Turn(codes.C3);
            Vector256<long> a = Avx2.UnpackLow(c0, c1).AsInt64(),
                b = Avx2.UnpackLow(c2, c3).AsInt64();
            Vector256<long> c = Avx2.UnpackHigh(c0, c1).AsInt64(),
                d = Avx2.UnpackHigh(c2, c3).AsInt64();
            var unit = (8 * sub) + group;
            SpreadRow.Put(to, unit, half, Avx2.UnpackLow(a, b).AsByte());
            SpreadRow.Put(to, unit + 2, half, Avx2.UnpackHigh(a, b).AsByte());
            SpreadRow.Put(to, unit + 4, half, Avx2.UnpackLow(c, d).AsByte());
            SpreadRow.Put(to, unit + 6, half, Avx2.UnpackHigh(c, d).AsByte());
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<int> Turn(Vector256<byte> codes)
        {
            var turn = Vector128.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15).AsByte();
            return (Avx2.Shuffle(codes, Vector256.Create(turn, turn)) - Vector256.Create((byte)TFormat.Offset)).AsInt32();
        }
    }
}
