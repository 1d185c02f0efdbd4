using System.Runtime.CompilerServices;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>
/// K-quants against Q8_K. The reference keeps, per output, eight lanes (weight index mod 8) of integer sums and adds each to a float of its
/// own once per block; so that a vector holds four lanes of two columns, or of four.
/// </summary>
internal sealed unsafe class KQuantKernel<TFormat, TGemv, TGemm> : PanelKernel
    where TFormat : struct, IKQuantFormat
    where TGemv : struct, IKQuantGemv
    where TGemm : struct, IKQuantGemm
{
    public override int StateBytes => KQuantState.Floats * sizeof(float);

    public override int GroupSize => 64;

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
        var memory = stackalloc byte[TGemm.BlockBytes + 64];
        var block = (void*)(((nint)memory + 63) & ~63);
        for (var b = 0; b < blocks; b++, codes += 16 * TFormat.BlockBytes, input += 256)
        {
            if (rows > 1)
                TGemm.Store(codes, block);
            var t = 0;
            for (; t <= rows - 2; t += 2)
                TGemm.AddTwo(block, x, (((long)(row + t) * x.Inputs) + input) / 32, (float*)state + (t * KQuantState.Floats));
            if (t < rows)
                TGemv.Add(codes, x, (((long)(row + t) * x.Inputs) + input) / 32, (float*)state + (t * KQuantState.Floats));
        }
    }

    public override void Finish(byte* state, float* columnScales, int columns, Activations x, int row, float* outputs) =>
        TGemm.Finish((float*)state, outputs);
}
