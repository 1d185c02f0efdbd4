using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>
/// 32-weight blocks against Q8_0 or Q8_1: one output per lane, eight lanes per vector, one integer sum per block and one float addition in
/// block order.
/// </summary>
/// <remarks>
/// Integer sums begin at <see cref="Activations.Starts"/>, which takes off what codes are too large by and leaves the sum in the low bits
/// of a float between 2^23 and 2^24: one float subtraction makes it a float, exactly, on a port that the products do not need. Below 4
/// vectors weights are multiplied as they are read; from there on they are spread once and multiplied with eight vectors at a time.
/// </remarks>
internal sealed unsafe class Block32Kernel<TFormat, TDot> : PanelKernel
    where TFormat : struct, IBlock32Format
    where TDot : struct, IByteDot
{
    private const int Lanes = 16;

    /// <summary>Fewer vectors are multiplied one by one.</summary>
    private const int FewestTogether = 4;

    /// <summary>Whether two block rows are fetched in quarters: more than about ten lines at once, as those of Q8_0 are, find no free
    /// buffers and stop the core's loads.</summary>
    private static bool IsLong => TFormat.BlockBytes > 20;

    /// <summary>A quarter of the bytes of two block rows.</summary>
    private static int Quarter => Lanes / 2 * TFormat.BlockBytes;

    public override int StateBytes => Lanes * sizeof(float);

    public override int GroupSize => 256;

    public override int CodeExcess => TFormat.Signed ? TDot.SignedBias : TFormat.Offset;

    [SkipLocalsInit]
    public override void Add(
        byte* codes,
        int blocks,
        float* columnScales,
        int columns,
        Activations x,
        int row,
        int rows,
        int input,
        byte* state
    )
    {
        var sums = (float*)state;
        if (rows < FewestTogether)
        {
            for (; rows > 0; rows--, row++, sums += Lanes)
                AddOne(codes, blocks, x, row, input, sums);
            return;
        }

        var memory = stackalloc byte[sizeof(Block32Rows) + 64];
        var spread = (Block32Rows*)(((nint)memory + 63) & ~63);
        for (
            ;
            blocks > 0;
            blocks -= Block32Rows.Capacity, codes += Block32Rows.Capacity * Lanes * TFormat.BlockBytes, input += Block32Rows.Capacity * 32
        )
        {
            var count = Math.Min(blocks, Block32Rows.Capacity);
            Spread(codes, count, spread);
            for (var t = 0; t < rows; t += 8)
                AddEight(spread, count, x, row + t, input, sums + (t * Lanes));
        }
    }

    public override void AddRun(BankedMatrix matrix, int segment, int panel, int panels, Activations x, byte* states)
    {
        if (x.Rows == 1)
            AddOneRun(
                new ReadOnlySpan<PanelSegment>(matrix.Panels)[((panel * matrix.Segments) + segment)..],
                matrix.Segments,
                panels,
                x,
                (float*)states
            );
        else
            base.AddRun(matrix, segment, panel, panels, x, states);
    }

    public override void Finish(byte* state, float* columnScales, int columns, Activations x, int row, float* outputs) =>
        Unsafe.CopyBlockUnaligned(outputs, state, Lanes * sizeof(float));

    private static void AddOne(byte* w, int blocks, Activations x, int row, int input, float* sums)
    {
        var block = ((long)row * x.Blocks) + (input / 32);
        AddOne(w, blocks, x.Codes + ((long)row * x.Inputs) + input, x.Starts + block, x.Scales + block, x.Products + block, sums);
    }

    /// <summary>The only vector against every <paramref name="stride"/>th segment.</summary>
    private static void AddOneRun(ReadOnlySpan<PanelSegment> segments, int stride, int panels, Activations x, float* sums)
    {
        sbyte* codes = x.Codes;
        var starts = x.Starts;
        float* scales = x.Scales,
            products = x.Products;
        for (var i = 0; i < panels; i++, sums += Lanes)
        {
            ref readonly var at = ref segments[i * stride];
            var block = (int)((uint)at.InputStart / 32);
            AddOne(
                (byte*)at.Address,
                (int)((uint)at.Rows / 32),
                codes + at.InputStart,
                starts + block,
                scales + block,
                products + block,
                sums
            );
        }
    }

    /// <summary>Two blocks at a time, so that the sums of one grow while the other's are scaled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddOne(byte* w, int blocks, sbyte* a, int* starts, float* scales, float* products, float* sums)
    {
        Vector256<float> low = Vector256.Load(sums),
            high = Vector256.Load(sums + 8);
        for (; blocks >= 2; blocks -= 2, a += 64, scales += 2, products += 2, starts += 2)
        {
            Vector256<int> l0 = Vector256.Create(starts[0]),
                h0 = l0,
                l1 = Vector256.Create(starts[1]),
                h1 = l1;
            Vector256<int> m0 = Vector256<int>.Zero,
                n0 = m0,
                m1 = m0,
                n1 = m0;
            var next = w + (Lanes * TFormat.BlockBytes);
            CodeFetch.Fetch(w + CodeFetch.Ahead, IsLong ? Quarter : 4 * Quarter);
            Step(w, 0, a, ref l0, ref m0, ref h0, ref n0);
            Step(next, 0, a + 32, ref l1, ref m1, ref h1, ref n1);
            if (IsLong)
                CodeFetch.Fetch(w + CodeFetch.Ahead + Quarter, Quarter);
            Step(w, 1, a, ref l0, ref m0, ref h0, ref n0);
            Step(next, 1, a + 32, ref l1, ref m1, ref h1, ref n1);
            if (IsLong)
                CodeFetch.Fetch(w + CodeFetch.Ahead + (2 * Quarter), Quarter);
            Step(w, 2, a, ref l0, ref m0, ref h0, ref n0);
            Step(next, 2, a + 32, ref l1, ref m1, ref h1, ref n1);
            if (IsLong)
                CodeFetch.Fetch(w + CodeFetch.Ahead + (3 * Quarter), Quarter);
            Step(w, 3, a, ref l0, ref m0, ref h0, ref n0);
            Step(next, 3, a + 32, ref l1, ref m1, ref h1, ref n1);
            AddTerms(w, l0 + m0, h0 + n0, *scales, *products, ref low, ref high);
            AddTerms(next, l1 + m1, h1 + n1, scales[1], products[1], ref low, ref high);
            w = next + (Lanes * TFormat.BlockBytes);
        }

        if (blocks > 0)
        {
            Vector256<int> l0 = Vector256.Create(starts[0]),
                h0 = l0,
                m0 = Vector256<int>.Zero,
                n0 = m0;
            for (var unit = 0; unit < 4; unit++)
                Step(w, unit, a, ref l0, ref m0, ref h0, ref n0);
            AddTerms(w, l0 + m0, h0 + n0, *scales, *products, ref low, ref high);
        }

        low.Store(sums);
        high.Store(sums + 8);
    }

    /// <summary>One unit of a block row: l and h are the sums of the lower and the upper eight columns over the first sixteen weights, m
    /// and n over the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        byte* w,
        int unit,
        sbyte* a,
        ref Vector256<int> l,
        ref Vector256<int> m,
        ref Vector256<int> h,
        ref Vector256<int> n
    )
    {
        Load(w, 0, unit, out var low0, out var low1);
        Load(w, 1, unit, out var high0, out var high1);
        MultiplyBoth(low0, high0, a + (4 * unit), ref l, ref h);
        MultiplyBoth(low1, high1, a + 16 + (4 * unit), ref m, ref n);
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
    private static void MultiplyBoth(Vector256<byte> low, Vector256<byte> high, sbyte* a, ref Vector256<int> l, ref Vector256<int> h)
    {
        var x = Vector256.Create(*(int*)a).AsSByte();
        l = TFormat.Signed ? TDot.Signed(l, low, x) : TDot.Unsigned(l, low, x);
        h = TFormat.Signed ? TDot.Signed(h, high, x) : TDot.Unsigned(h, high, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTerms(
        byte* w,
        Vector256<int> l,
        Vector256<int> h,
        float xScale,
        float xProduct,
        ref Vector256<float> low,
        ref Vector256<float> high
    )
    {
        Vector256<float> dx = Vector256.Create(xScale),
            s = Vector256.Create(xProduct);
        low += TFormat.Term(ToFloat(l), TFormat.Scale(w, 0), TFormat.Minimum(w, 0), dx, s);
        high += TFormat.Term(ToFloat(h), TFormat.Scale(w, 1), TFormat.Minimum(w, 1), dx, s);
    }

    /// <summary>An integer sum that began at <see cref="Activations.Starts"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ToFloat(Vector256<int> sum) => sum.AsSingle() - Vector256.Create(Activations.StartBase);

    private static void Spread(byte* w, int blocks, Block32Rows* to)
    {
        var codes = to->Codes;
        float* scales = to->Scales,
            minima = to->Minima;
        for (var b = 0; b < blocks; b++, w += Lanes * TFormat.BlockBytes, codes += 512, scales += Lanes, minima += Lanes)
        {
            for (var unit = 0; unit < 4; unit++)
            {
                Load(w, 0, unit, out var low0, out var low1);
                Load(w, 1, unit, out var high0, out var high1);
                low0.Store(codes + (unit * 64));
                high0.Store(codes + (unit * 64) + 32);
                low1.Store(codes + (unit * 64) + 256);
                high1.Store(codes + (unit * 64) + 288);
            }

            TFormat.Scale(w, 0).Store(scales);
            TFormat.Scale(w, 1).Store(scales + 8);
            TFormat.Minimum(w, 0).Store(minima);
            TFormat.Minimum(w, 1).Store(minima + 8);
        }
    }

    private static void AddEight(Block32Rows* spread, int blocks, Activations x, int row, int input, float* sums)
    {
        nint stride = x.Inputs,
            blockStride = x.Blocks;
        var a = x.Codes + (row * stride) + input;
        var block = (row * blockStride) + (input / 32);
        float* xScale = x.Scales + block,
            xProduct = x.Products + block;
        var start = x.Starts + block;
        var w = spread->Codes;
        float* scale = spread->Scales,
            minimum = spread->Minima;
        for (var b = 0; b < blocks; b++, xScale++, xProduct++, start++, scale += Lanes, minimum += Lanes)
        {
            Vector256<int> l0 = Vector256.Create(start[0]),
                l1 = Vector256.Create(start[blockStride]);
            Vector256<int> l2 = Vector256.Create(start[2 * blockStride]),
                l3 = Vector256.Create(start[3 * blockStride]);
            var upper = start + (4 * blockStride);
            Vector256<int> l4 = Vector256.Create(upper[0]),
                l5 = Vector256.Create(upper[blockStride]);
            Vector256<int> l6 = Vector256.Create(upper[2 * blockStride]),
                l7 = Vector256.Create(upper[3 * blockStride]);
            Vector256<int> h0 = l0,
                h1 = l1,
                h2 = l2,
                h3 = l3,
                h4 = l4,
                h5 = l5,
                h6 = l6,
                h7 = l7;
            for (var end = w + 512; w < end; w += 64, a += 4)
            {
                Vector256<byte> low = Vector256.Load(w),
                    high = Vector256.Load(w + 32);
                MultiplyBoth(low, high, a, ref l0, ref h0);
                MultiplyBoth(low, high, a + stride, ref l1, ref h1);
                MultiplyBoth(low, high, a + (2 * stride), ref l2, ref h2);
                MultiplyBoth(low, high, a + (3 * stride), ref l3, ref h3);
                var a4 = a + (4 * stride);
                MultiplyBoth(low, high, a4, ref l4, ref h4);
                MultiplyBoth(low, high, a4 + stride, ref l5, ref h5);
                MultiplyBoth(low, high, a4 + (2 * stride), ref l6, ref h6);
                MultiplyBoth(low, high, a4 + (3 * stride), ref l7, ref h7);
            }

            Vector256<float> dl = Vector256.Load(scale),
                dh = Vector256.Load(scale + 8),
                ml = Vector256.Load(minimum),
                mh = Vector256.Load(minimum + 8);
            AddTerms(sums, l0, h0, dl, dh, ml, mh, xScale, xProduct);
            AddTerms(sums + Lanes, l1, h1, dl, dh, ml, mh, xScale + blockStride, xProduct + blockStride);
            AddTerms(sums + (2 * Lanes), l2, h2, dl, dh, ml, mh, xScale + (2 * blockStride), xProduct + (2 * blockStride));
            AddTerms(sums + (3 * Lanes), l3, h3, dl, dh, ml, mh, xScale + (3 * blockStride), xProduct + (3 * blockStride));
            float* upperScale = xScale + (4 * blockStride),
                upperProduct = xProduct + (4 * blockStride);
            AddTerms(sums + (4 * Lanes), l4, h4, dl, dh, ml, mh, upperScale, upperProduct);
            AddTerms(sums + (5 * Lanes), l5, h5, dl, dh, ml, mh, upperScale + blockStride, upperProduct + blockStride);
            AddTerms(sums + (6 * Lanes), l6, h6, dl, dh, ml, mh, upperScale + (2 * blockStride), upperProduct + (2 * blockStride));
            AddTerms(sums + (7 * Lanes), l7, h7, dl, dh, ml, mh, upperScale + (3 * blockStride), upperProduct + (3 * blockStride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTerms(
        float* sums,
        Vector256<int> l,
        Vector256<int> h,
        Vector256<float> dl,
        Vector256<float> dh,
        Vector256<float> ml,
        Vector256<float> mh,
        float* xScale,
        float* xProduct
    )
    {
        Vector256<float> dx = Vector256.Create(*xScale),
            s = Vector256.Create(*xProduct);
        (Vector256.Load(sums) + TFormat.Term(ToFloat(l), dl, ml, dx, s)).Store(sums);
        (Vector256.Load(sums + 8) + TFormat.Term(ToFloat(h), dh, mh, dx, s)).Store(sums + 8);
    }
}
