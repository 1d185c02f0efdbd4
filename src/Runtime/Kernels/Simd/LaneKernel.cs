using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Simd;

/// <summary>
/// K-quants against Q8_K. The reference keeps, per output, eight lanes (weight index mod 8) of integer sums and adds each to a float of its own once per block;
/// so a vector holds four lanes of two columns.
/// </summary>
internal sealed unsafe class LaneKernel<TFormat, TDot> : PanelKernel
    where TFormat : struct, ILaneFormat
    where TDot : struct, IByteDot
{
    /// <summary>Per vector: sixteen sums of minima, then [half][group][r][8] lane sums.</summary>
    private const int StateFloats = 16 + 128;

    public override int StateBytes => StateFloats * sizeof(float);

    public override int GroupSize => 16;

    [SkipLocalsInit]
    public override void Add(byte* codes, int blocks, float* columnScales, int columns, Activations x, int row, int rows, int input, byte* state)
    {
        LaneBlock block;
        for (var b = 0; b < blocks; b++, codes += 16 * TFormat.BlockBytes, input += 256)
        {
            TFormat.Decode(codes, &block);
            for (var t = 0; t < rows; t++)
                AddBlock(&block, x, (((long)(row + t) * x.Inputs) + input) / 32, (float*)state + (t * StateFloats));
        }
    }

    public override void Finish(byte* state, float* columnScales, int columns, Activations x, int row, float* outputs)
    {
        var sums = (float*)state;
        for (var c = 0; c < 16; c++)
        {
            int half = c / 8, r = c % 4, upper = c % 8 / 4;
            var total = sums[c];
            for (var lane = 0; lane < 8; lane++)
                total += sums[16 + (((((half * 2) + (lane / 4)) * 4) + r) * 8) + (4 * upper) + (lane % 4)];
            outputs[c] = total;
        }
    }

    private static void AddBlock(LaneBlock* w, Activations x, long sub, float* sums)
    {
        var dx = Vector256.Create(x.Scales[sub / 8]);
        for (var half = 0; half < 2; half++)
        {
            if (TFormat.HasMinimum)
            {
                var xSums = (int*)(x.Sums32 + sub);
                var minima = w->Minima + (half * 32);
                var isum = Vector256<int>.Zero;
                for (var k = 0; k < 4; k++)
                    isum = TDot.Pairs(isum, Vector256.Load(minima + (8 * k)).AsInt16(), Vector256.Create(xSums[k]).AsInt16());
                var term = Vector256.Load(w->Minimum + (8 * half)) * dx * Vector256.ConvertToSingle(isum);
                (Vector256.Load(sums + (8 * half)) - term).Store(sums + (8 * half));
            }

            var scale = Vector256.Load(w->Scale + (8 * half)) * dx;
            AddGroup(w, x, sub, half, 0, scale, sums);
            AddGroup(w, x, sub, half, 1, scale, sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddGroup(LaneBlock* w, Activations x, long sub, int half, int group, Vector256<float> scale, float* sums)
    {
        Vector256<int> n0 = Vector256<int>.Zero, n1 = n0, n2 = n0, n3 = n0;
        var codes = w->Codes + (((half * 2) + group) * 1024);
        var scales = w->Scales + (half * 512);
        var lanes = x.Lanes + (sub * 32) + (group * 16);
        var pairs = x.PairSums + (sub * 16) + (group * 8);
        for (var s = 0; s < 8; s++, codes += 128, scales += 64, lanes += 32, pairs += 16)
        {
            var a = Avx2.BroadcastVector128ToVector256(lanes);
            var excess = Vector256<short>.Zero;
            if (TFormat.Offset != 0)
                excess = Avx2.BroadcastVector128ToVector256(pairs) * Vector256.Create((short)TFormat.Offset);
            n0 = Step(n0, codes, a, excess, scales);
            n1 = Step(n1, codes + 32, a, excess, scales + 16);
            n2 = Step(n2, codes + 64, a, excess, scales + 32);
            n3 = Step(n3, codes + 96, a, excess, scales + 48);
        }

        var to = sums + 16 + (((half * 2) + group) * 32);
        AddTo(to, n0, Avx.Permute(scale, 0x00));
        AddTo(to + 8, n1, Avx.Permute(scale, 0x55));
        AddTo(to + 16, n2, Avx.Permute(scale, 0xAA));
        AddTo(to + 24, n3, Avx.Permute(scale, 0xFF));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Step(Vector256<int> sum, byte* codes, Vector256<sbyte> a, Vector256<short> excess, short* scales)
    {
        var products = Avx2.MultiplyAddAdjacent(Vector256.Load(codes), a);
        if (TFormat.Offset != 0)
            products -= excess;
        return TDot.Pairs(sum, products, Vector256.Load(scales));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(float* to, Vector256<int> sum, Vector256<float> scale) =>
        (Vector256.Load(to) + (scale * Vector256.ConvertToSingle(sum))).Store(to);
}
