using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Simd;

/// <summary>
/// K-quants against Q8_K. The reference keeps, per output, eight lanes (weight index mod 8) of integer sums and adds each to a float of its own once per block;
/// so a vector holds four lanes of two columns.
/// </summary>
internal sealed unsafe class LaneKernel<TFormat, TRow, TRows> : PanelKernel
    where TFormat : struct, ILaneFormat
    where TRow : struct, ILaneRow
    where TRows : struct, ILaneRows
{
    public override int StateBytes => LaneState.Floats * sizeof(float);

    public override int GroupSize => 64;

    [SkipLocalsInit]
    public override void Add(byte* codes, int blocks, float* columnScales, int columns, Activations x, int row, int rows, int input, byte* state)
    {
        var memory = stackalloc byte[TRows.BlockBytes + 64];
        var block = (void*)(((nint)memory + 63) & ~63);
        for (var b = 0; b < blocks; b++, codes += 16 * TFormat.BlockBytes, input += 256)
        {
            if (rows > 1)
                TRows.Store(codes, block);
            var t = 0;
            for (; t <= rows - 2; t += 2)
                TRows.AddTwo(block, x, (((long)(row + t) * x.Inputs) + input) / 32, (float*)state + (t * LaneState.Floats));
            if (t < rows)
                TRow.Add(codes, x, (((long)(row + t) * x.Inputs) + input) / 32, (float*)state + (t * LaneState.Floats));
        }
    }

    public override void Finish(byte* state, float* columnScales, int columns, Activations x, int row, float* outputs)
    {
        // The order of the reference: minima, then lane after lane.
        var sums = (float*)state;
        for (var half = 0; half < 2; half++)
        {
            var total = Vector256.Load(sums + (8 * half));
            SumLanes(sums + LaneState.Group(0) + (8 * half), ref total);
            SumLanes(sums + LaneState.Group(1) + (8 * half), ref total);
            total.Store(outputs + (8 * half));
        }
    }

    /// <summary>Adds four lanes of eight columns: four vectors of two columns, transposed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SumLanes(float* v, ref Vector256<float> total)
    {
        Vector256<float> v0 = Vector256.Load(v), v1 = Vector256.Load(v + 16), v2 = Vector256.Load(v + 32), v3 = Vector256.Load(v + 48);
        Vector256<float> a = Avx.UnpackLow(v0, v1), b = Avx.UnpackLow(v2, v3), c = Avx.UnpackHigh(v0, v1), d = Avx.UnpackHigh(v2, v3);
        total += Avx.Shuffle(a, b, 0x44);
        total += Avx.Shuffle(a, b, 0xEE);
        total += Avx.Shuffle(c, d, 0x44);
        total += Avx.Shuffle(c, d, 0xEE);
    }
}
