using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Runtime.Kernels.Simd;

namespace TaalasSim.Runtime.Kernels.Hardware;

/// <summary>
/// GGUF types in the fabric's arithmetic. Integer codes: Σ code·a in integers per sub-block, times the sub-block's scale (less minimum · Σ a) in binary32, added in
/// order; the result is that sum times s. Weights without integer codes: weight · (s·a) in binary32, added in order. State: sixteen floats per vector.
/// </summary>
internal sealed unsafe class GgufKernel(CodeFormat format) : PanelKernel
{
    private readonly int[] units = [.. format.Units];
    private readonly bool integer = SubBlocks.Holds(format.GgmlType);

    public override int StateBytes => 16 * sizeof(float);

    public override int GroupSize => 8;

    [SkipLocalsInit]
    public override void Add(byte* codes, int blocks, float* columnScales, int columns, Activations x, int row, int rows, int input, byte* state)
    {
        var block = stackalloc byte[256];
        var weights = stackalloc float[256];
        Unsafe.SkipInit(out SubBlocks sub);
        for (var b = 0; b < blocks; b++, codes += 16 * format.BlockBytes, input += format.BlockWeights)
        for (var c = 0; c < columns; c++)
        {
            PanelBlocks.Gather(units, codes, c, block);
            if (integer)
                sub.Decode(format.GgmlType, block);
            else
                BlockDecoder.Decode((GgmlType)format.GgmlType, new ReadOnlySpan<byte>(block, format.BlockBytes), new Span<float>(weights, format.BlockWeights));
            for (var t = 0; t < rows; t++)
            {
                var at = ((nint)(row + t) * x.Inputs) + input;
                ref var sum = ref ((float*)state)[(16 * t) + c];
                sum = integer ? AddIntegers(sum, &sub, x.Wide + at) : AddFloats(sum, weights, x.Values + at);
            }
        }
    }

    public override void Finish(byte* state, float* columnScales, int columns, Activations x, int row, float* outputs)
    {
        for (var c = 0; c < columns; c++)
            outputs[c] = integer ? ((float*)state)[c] * x.Scales[row] : ((float*)state)[c];
    }

    private float AddIntegers(float sum, SubBlocks* w, short* a)
    {
        for (var s = 0; s < format.BlockWeights / w->Size; s++)
        {
            int products = 0, activations = 0;
            for (var i = s * w->Size; i < (s + 1) * w->Size; i++)
            {
                products += w->Codes[i] * a[i];
                activations += a[i];
            }

            sum += (w->Scales[s] * products) - (w->Minima[s] * activations);
        }

        return sum;
    }

    private float AddFloats(float sum, float* w, float* x)
    {
        for (var i = 0; i < format.BlockWeights; i++)
            sum += w[i] * x[i];
        return sum;
    }
}
