using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Simd;

/// <summary>32-weight blocks against Q8_0 or Q8_1: one output per lane, eight lanes per vector, one integer sum per block and one float addition in block order.</summary>
internal sealed unsafe class ShortBlockKernel<TFormat, TDot> : PanelKernel
    where TFormat : struct, IShortFormat
    where TDot : struct, IByteDot
{
    private const int Lanes = 16;

    public override int StateBytes => Lanes * sizeof(float);

    public override int GroupSize => 16;

    /// <summary>What every code is too large by.</summary>
    private static int Excess => TFormat.Signed ? TDot.SignedBias : TFormat.Offset;

    public override void Add(byte* codes, int blocks, float* columnScales, int columns, Activations x, int row, int rows, int input, byte* state)
    {
        var sums = (float*)state;
        for (; rows >= 4; rows -= 4, row += 4, sums += 4 * Lanes)
            AddFour(codes, blocks, x, row, input, sums);
        for (; rows > 0; rows--, row++, sums += Lanes)
            AddOne(codes, blocks, x, row, input, sums);
    }

    public override void Finish(byte* state, float* columnScales, int columns, Activations x, int row, float* outputs) =>
        Unsafe.CopyBlockUnaligned(outputs, state, Lanes * sizeof(float));

    private static void AddOne(byte* w, int blocks, Activations x, int row, int input, float* sums)
    {
        var a = x.Codes + ((long)row * x.Inputs) + input;
        var block = ((long)row * x.Blocks) + (input / 32);
        float* scales = x.Scales + block, products = x.Products + block;
        var blockSums = x.BlockSums + block;
        Vector256<float> low = Vector256.Load(sums), high = Vector256.Load(sums + 8);
        for (var b = 0; b < blocks; b++, w += 16 * TFormat.BlockBytes, a += 32)
        {
            var start = Vector256.Create(-Excess * blockSums[b]);
            Vector256<float> dx = Vector256.Create(scales[b]), s = Vector256.Create(products[b]);
            low += TFormat.Term(Vector256.ConvertToSingle(Dot(w, 0, a, start)), TFormat.Scale(w, 0), TFormat.Minimum(w, 0), dx, s);
            high += TFormat.Term(Vector256.ConvertToSingle(Dot(w, 1, a, start)), TFormat.Scale(w, 1), TFormat.Minimum(w, 1), dx, s);
        }

        low.Store(sums);
        high.Store(sums + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Dot(byte* w, int half, sbyte* a, Vector256<int> start)
    {
        var second = Vector256<int>.Zero;
        Step(w, half, 0, a, ref start, ref second);
        Step(w, half, 1, a, ref start, ref second);
        Step(w, half, 2, a, ref start, ref second);
        Step(w, half, 3, a, ref start, ref second);
        return start + second;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(byte* w, int half, int unit, sbyte* a, ref Vector256<int> first, ref Vector256<int> second)
    {
        Load(w, half, unit, out var c0, out var c1);
        first = Multiply(first, c0, a + (4 * unit));
        second = Multiply(second, c1, a + 16 + (4 * unit));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(byte* w, int half, int unit, out Vector256<byte> first, out Vector256<byte> second)
    {
        TFormat.Codes(w, half, unit, out first, out second);
        if (!TFormat.Signed)
            return;
        first = TDot.Prepare(first);
        second = TDot.Prepare(second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Multiply(Vector256<int> sum, Vector256<byte> codes, sbyte* a)
    {
        var x = Vector256.Create(*(int*)a).AsSByte();
        return TFormat.Signed ? TDot.Signed(sum, codes, x) : TDot.Unsigned(sum, codes, x);
    }

    private static void AddFour(byte* w, int blocks, Activations x, int row, int input, float* sums)
    {
        nint stride = x.Inputs, blockStride = x.Blocks;
        var a = x.Codes + (row * stride) + input;
        var block = (row * blockStride) + (input / 32);
        float* scales = x.Scales + block, products = x.Products + block;
        var blockSums = x.BlockSums + block;
        for (var b = 0; b < blocks; b++, w += 16 * TFormat.BlockBytes, a += 32, scales++, products++, blockSums++)
        {
            for (var half = 0; half < 2; half++)
            {
                var n0 = Vector256.Create(-Excess * blockSums[0]);
                var n1 = Vector256.Create(-Excess * blockSums[blockStride]);
                var n2 = Vector256.Create(-Excess * blockSums[2 * blockStride]);
                var n3 = Vector256.Create(-Excess * blockSums[3 * blockStride]);
                StepFour(w, half, 0, a, stride, ref n0, ref n1, ref n2, ref n3);
                StepFour(w, half, 1, a, stride, ref n0, ref n1, ref n2, ref n3);
                StepFour(w, half, 2, a, stride, ref n0, ref n1, ref n2, ref n3);
                StepFour(w, half, 3, a, stride, ref n0, ref n1, ref n2, ref n3);
                Vector256<float> scale = TFormat.Scale(w, half), minimum = TFormat.Minimum(w, half);
                AddTerm(sums + (8 * half), n0, scale, minimum, scales, products);
                AddTerm(sums + Lanes + (8 * half), n1, scale, minimum, scales + blockStride, products + blockStride);
                AddTerm(sums + (2 * Lanes) + (8 * half), n2, scale, minimum, scales + (2 * blockStride), products + (2 * blockStride));
                AddTerm(sums + (3 * Lanes) + (8 * half), n3, scale, minimum, scales + (3 * blockStride), products + (3 * blockStride));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StepFour(
        byte* w, int half, int unit, sbyte* a, nint stride, ref Vector256<int> n0, ref Vector256<int> n1, ref Vector256<int> n2, ref Vector256<int> n3)
    {
        Load(w, half, unit, out var c0, out var c1);
        a += 4 * unit;
        n0 = Multiply(n0, c0, a);
        n1 = Multiply(n1, c0, a + stride);
        n2 = Multiply(n2, c0, a + (2 * stride));
        n3 = Multiply(n3, c0, a + (3 * stride));
        n0 = Multiply(n0, c1, a + 16);
        n1 = Multiply(n1, c1, a + stride + 16);
        n2 = Multiply(n2, c1, a + (2 * stride) + 16);
        n3 = Multiply(n3, c1, a + (3 * stride) + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTerm(float* sums, Vector256<int> sum, Vector256<float> scale, Vector256<float> minimum, float* xScale, float* xProduct)
    {
        var term = TFormat.Term(Vector256.ConvertToSingle(sum), scale, minimum, Vector256.Create(*xScale), Vector256.Create(*xProduct));
        (Vector256.Load(sums) + term).Store(sums);
    }
}
