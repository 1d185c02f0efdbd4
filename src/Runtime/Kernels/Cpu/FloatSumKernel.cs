using System.Runtime.Intrinsics;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Plain floats summed in binary32: the fabric's arithmetic. State: sixteen floats per vector.</summary>
internal sealed unsafe class FloatSumKernel<TFormat> : PanelKernel
    where TFormat : struct, IFloatFormat
{
    public override int StateBytes => 16 * sizeof(float);

    public override int GroupSize => 64;

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
    ) => FloatSums.Add<TFormat>(codes, blocks, x.Values + ((nint)row * x.Inputs) + input, x.Inputs, rows, (float*)state);

    public override void Finish(byte* state, float* columnScales, int columns, Activations x, int row, float* outputs) =>
        Vector512.Load((float*)state).Store(outputs);
}
