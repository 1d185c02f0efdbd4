using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>
/// Formats whose reference product is an integer sum per block or part of a block: one output per lane, eight lanes per vector. A block row
/// is decoded once into signed bytes and multiplied with every vector of the group.
/// </summary>
internal sealed unsafe class SumKernel<TFormat, TSum, TDot> : PanelKernel
    where TFormat : struct, ISumFormat
    where TSum : struct, IBlockSum
    where TDot : struct, IByteDot
{
    private const int Lanes = 16;

    public override int StateBytes => Lanes * sizeof(float);

    public override int GroupSize => 128;

    /// <summary>Activations that share a scale.</summary>
    private static int ScaledInputs => TFormat.BlockWeights == 256 ? 256 : 32;

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
        var memory = stackalloc byte[sizeof(SumBlock) + 64];
        var block = (SumBlock*)(((nint)memory + 63) & ~63);
        var starts = stackalloc int[2 * BiasCorrection.Capacity];
        for (; blocks > 0; blocks--, codes += Lanes * TFormat.BlockBytes, input += TFormat.BlockWeights)
        {
            if (rows == 1)
                CodeFetch.Fetch(codes + CodeFetch.Ahead, Lanes * TFormat.BlockBytes);
            TFormat.Decode(codes, 0, new SumColumns<TDot>(block, 0));
            TFormat.Decode(codes, 1, new SumColumns<TDot>(block, 1));
            var sums = (float*)state;
            var at = ((long)row * x.Inputs) + input;
            var t = rows;
            for (; t >= 2; t -= 2, at += 2 * x.Inputs, sums += 2 * Lanes)
                AddTwo(block, x, at, starts, sums);
            if (t > 0)
                AddOne(block, x, at, starts, sums);
        }
    }

    public override void Finish(byte* state, float* columnScales, int columns, Activations x, int row, float* outputs)
    {
        var sums = (float*)state;
        (Vector256.Load(sums) * Vector256.Create(TFormat.OutputScale)).Store(outputs);
        (Vector256.Load(sums + 8) * Vector256.Create(TFormat.OutputScale)).Store(outputs + 8);
    }

    private static void AddOne(SumBlock* w, Activations x, long at, int* starts, float* sums)
    {
        if (TDot.SignedBias != 0)
            BiasCorrection.Fill<TFormat, TDot>(x, at, starts);
        var a = x.Codes + at;
        float* first = x.Scales + (at / ScaledInputs),
            dx = first;
        var codes = w->Codes;
        Vector256<float> low = Vector256.Load(sums),
            high = Vector256.Load(sums + 8),
            l = TSum.Begin(low),
            h = TSum.Begin(high);
        Vector256<int> m = Vector256<int>.Zero,
            n = m;
        for (var part = 0; part < TFormat.BlockWeights / TFormat.PartWeights; part++)
        {
            Vector256<int> p = Start(starts, part),
                q = p;
            for (var end = a + TFormat.PartWeights; a < end; a += 16, codes += 256)
            {
                Multiply(codes, a, ref p, ref q);
                Multiply(codes + 64, a + 4, ref p, ref q);
                Multiply(codes + 128, a + 8, ref p, ref q);
                Multiply(codes + 192, a + 12, ref p, ref q);
            }

            TSum.Step(w, 0, part, dx, p, ref m, ref l);
            TSum.Step(w, 1, part, dx, q, ref n, ref h);
            dx = first + ((part + 1) * TFormat.PartWeights / ScaledInputs);
        }

        var sums16 = x.Sums16 + (at / 16);
        TSum.End<TDot>(w, 0, first, sums16, m, l, low).Store(sums);
        TSum.End<TDot>(w, 1, first, sums16, n, h, high).Store(sums + 8);
    }

    /// <summary>Two vectors next to each other.</summary>
    private static void AddTwo(SumBlock* w, Activations x, long at, int* starts, float* sums)
    {
        nint stride = x.Inputs,
            scaleStride = x.Blocks;
        if (TDot.SignedBias != 0)
        {
            BiasCorrection.Fill<TFormat, TDot>(x, at, starts);
            BiasCorrection.Fill<TFormat, TDot>(x, at + stride, starts + BiasCorrection.Capacity);
        }

        var a = x.Codes + at;
        float* first = x.Scales + (at / ScaledInputs),
            dx = first;
        var codes = w->Codes;
        Vector256<float> l0 = TSum.Begin(Vector256.Load(sums)),
            h0 = TSum.Begin(Vector256.Load(sums + 8));
        Vector256<float> l1 = TSum.Begin(Vector256.Load(sums + 16)),
            h1 = TSum.Begin(Vector256.Load(sums + 24));
        Vector256<int> m0 = Vector256<int>.Zero,
            n0 = m0,
            m1 = m0,
            n1 = m0;
        for (var part = 0; part < TFormat.BlockWeights / TFormat.PartWeights; part++)
        {
            Vector256<int> p0 = Start(starts, part),
                q0 = p0,
                p1 = Start(starts + BiasCorrection.Capacity, part),
                q1 = p1;
            for (var end = a + TFormat.PartWeights; a < end; a += 8, codes += 128)
            {
                Multiply(codes, a, ref p0, ref q0);
                Multiply(codes, a + stride, ref p1, ref q1);
                Multiply(codes + 64, a + 4, ref p0, ref q0);
                Multiply(codes + 64, a + stride + 4, ref p1, ref q1);
            }

            TSum.Step(w, 0, part, dx, p0, ref m0, ref l0);
            TSum.Step(w, 1, part, dx, q0, ref n0, ref h0);
            TSum.Step(w, 0, part, dx + scaleStride, p1, ref m1, ref l1);
            TSum.Step(w, 1, part, dx + scaleStride, q1, ref n1, ref h1);
            dx = first + ((part + 1) * TFormat.PartWeights / ScaledInputs);
        }

        var sums16 = x.Sums16 + (at / 16);
        TSum.End<TDot>(w, 0, first, sums16, m0, l0, Vector256.Load(sums)).Store(sums);
        TSum.End<TDot>(w, 1, first, sums16, n0, h0, Vector256.Load(sums + 8)).Store(sums + 8);
        first += scaleStride;
        sums16 += stride / 16;
        TSum.End<TDot>(w, 0, first, sums16, m1, l1, Vector256.Load(sums + 16)).Store(sums + 16);
        TSum.End<TDot>(w, 1, first, sums16, n1, h1, Vector256.Load(sums + 24)).Store(sums + 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Start(int* starts, int part) =>
        TDot.SignedBias != 0 ? Vector256.Create(starts[part]) : Vector256<int>.Zero;

    /// <summary>One unit of sixteen columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(byte* codes, sbyte* a, ref Vector256<int> low, ref Vector256<int> high)
    {
        var x = Vector256.Create(*(int*)a).AsSByte();
        low = TDot.Signed(low, Vector256.Load(codes), x);
        high = TDot.Signed(high, Vector256.Load(codes + 32), x);
    }
}
