using System.Runtime.CompilerServices;
using ILGPU;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>IQ1: sum += (d · dx) · (Σ step · Σ codes + 1/8 · Σ step · shift · Σ activations).</summary>
internal readonly struct ShiftedSum<T> : ISumOrder
    where T : unmanaged, IShiftedFormat
{
    public static int Weights => T.Weights;

    public static int Bytes => T.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(PanelBlock block, DeviceVectors x, long input, ArrayView<float> terms, int at, int stride)
    {
        int codes = 0,
            shifts = 0;
        for (var g = 0; g < 32; g++)
        {
            var step = T.Step(block, 8 * g / T.SubBlock);
            codes += step * BlockDot.Of<T>(block, x, input, 2 * g, 2);
            shifts +=
                step
                * T.Shift(block, g)
                * (Integers.Sum(x.Codes[(input / 4) + (2 * g)]) + Integers.Sum(x.Codes[(input / 4) + (2 * g) + 1]));
        }

        terms[at] = T.Scale(block) * x.Scales[input / 256] * (codes + (0.125f * shifts));
    }
}
