using System.Runtime.CompilerServices;
using ILGPU;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>
/// Per sub-block sum += ((weight scale · activation scale) · step) · Σ, less minimum · (activation scale · Σ activations) as Q8_1
/// stores it. Activations with a scale per 32 inputs, or per 256 for blocks of 256.
/// </summary>
internal readonly struct ScaleFirst<T> : ISumOrder
    where T : unmanaged, IIntegerFormat
{
    public static int Weights => T.Weights;

    public static int Bytes => T.Bytes;

    public static int Terms => T.Weights / T.SubBlock;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(PanelBlock block, DeviceVectors x, long input, ArrayView<float> terms, int at, int stride)
    {
        var scale = T.Scale(block);
        for (var part = 0; part < T.Weights / T.SubBlock; part++)
        {
            var dot = BlockDot.Of<T>(block, x, input, part * T.SubBlock / 4, T.SubBlock / 4);
            var from = T.Weights == 256 ? input / 256 : (input + (part * T.SubBlock)) / 32;
            var term = scale * x.Scales[from] * T.Step(block, part) * dot;
            if (T.HasMinimum)
                term -= T.MinimumScale(block) * x.Products[from];
            terms[at + (part * stride)] = term;
        }
    }
}
