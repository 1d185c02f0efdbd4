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
    private static int Excess
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TFormat.Signed ? TDot.SignedBias : TFormat.Offset;
    }

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
            Vector256<int> l0 = Vector256.Create(-Excess * blockSums[0]), h0 = l0;
            Vector256<int> l1 = Vector256.Create(-Excess * blockSums[blockStride]), h1 = l1;
            Vector256<int> l2 = Vector256.Create(-Excess * blockSums[2 * blockStride]), h2 = l2;
            Vector256<int> l3 = Vector256.Create(-Excess * blockSums[3 * blockStride]), h3 = l3;
            StepFour(w, 0, a, stride, ref l0, ref h0, ref l1, ref h1, ref l2, ref h2, ref l3, ref h3);
            StepFour(w, 1, a, stride, ref l0, ref h0, ref l1, ref h1, ref l2, ref h2, ref l3, ref h3);
            StepFour(w, 2, a, stride, ref l0, ref h0, ref l1, ref h1, ref l2, ref h2, ref l3, ref h3);
            StepFour(w, 3, a, stride, ref l0, ref h0, ref l1, ref h1, ref l2, ref h2, ref l3, ref h3);
            Vector256<float> scale = TFormat.Scale(w, 0), minimum = TFormat.Minimum(w, 0);
            AddTerm(sums, l0, scale, minimum, scales, products);
            AddTerm(sums + Lanes, l1, scale, minimum, scales + blockStride, products + blockStride);
            AddTerm(sums + (2 * Lanes), l2, scale, minimum, scales + (2 * blockStride), products + (2 * blockStride));
            AddTerm(sums + (3 * Lanes), l3, scale, minimum, scales + (3 * blockStride), products + (3 * blockStride));
            scale = TFormat.Scale(w, 1);
            minimum = TFormat.Minimum(w, 1);
            AddTerm(sums + 8, h0, scale, minimum, scales, products);
            AddTerm(sums + 8 + Lanes, h1, scale, minimum, scales + blockStride, products + blockStride);
            AddTerm(sums + 8 + (2 * Lanes), h2, scale, minimum, scales + (2 * blockStride), products + (2 * blockStride));
            AddTerm(sums + 8 + (3 * Lanes), h3, scale, minimum, scales + (3 * blockStride), products + (3 * blockStride));
        }
    }

    /// <summary>One unit of both halves against four vectors: l and h are the sums of the lower and the upper eight columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StepFour(
        byte* w, int unit, sbyte* a, nint stride, ref Vector256<int> l0, ref Vector256<int> h0, ref Vector256<int> l1, ref Vector256<int> h1,
        ref Vector256<int> l2, ref Vector256<int> h2, ref Vector256<int> l3, ref Vector256<int> h3)
    {
        Load(w, 0, unit, out var low0, out var low1);
        Load(w, 1, unit, out var high0, out var high1);
        a += 4 * unit;
        MultiplyBoth(low0, high0, a, ref l0, ref h0);
        MultiplyBoth(low0, high0, a + stride, ref l1, ref h1);
        MultiplyBoth(low0, high0, a + (2 * stride), ref l2, ref h2);
        MultiplyBoth(low0, high0, a + (3 * stride), ref l3, ref h3);
        a += 16;
        MultiplyBoth(low1, high1, a, ref l0, ref h0);
        MultiplyBoth(low1, high1, a + stride, ref l1, ref h1);
        MultiplyBoth(low1, high1, a + (2 * stride), ref l2, ref h2);
        MultiplyBoth(low1, high1, a + (3 * stride), ref l3, ref h3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyBoth(Vector256<byte> low, Vector256<byte> high, sbyte* a, ref Vector256<int> l, ref Vector256<int> h)
    {
        l = Multiply(l, low, a);
        h = Multiply(h, high, a);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTerm(float* sums, Vector256<int> sum, Vector256<float> scale, Vector256<float> minimum, float* xScale, float* xProduct)
    {
        var term = TFormat.Term(Vector256.ConvertToSingle(sum), scale, minimum, Vector256.Create(*xScale), Vector256.Create(*xProduct));
        (Vector256.Load(sums) + term).Store(sums);
    }
}
