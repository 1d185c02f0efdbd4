using System.Runtime.CompilerServices;
using ILGPU;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Blocks of 256 with one integer sum: sum += (dx · d) · Σ step · Σ codes − (dx · dmin) · Σ minimum · Σ activations.</summary>
internal readonly struct OneSum<T> : ISumOrder
    where T : unmanaged, IIntegerFormat
{
    public static int Weights => T.Weights;

    public static int Bytes => T.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(PanelBlock block, DeviceVectors x, long input, ArrayView<float> terms, int at, int stride)
    {
        int codes = 0,
            minima = 0;
        for (var part = 0; part < 256 / T.SubBlock; part++)
        {
            codes += T.Step(block, part) * BlockDot.Of<T>(block, x, input, part * T.SubBlock / 4, T.SubBlock / 4);
            if (T.HasMinimum)
                minima += T.MinimumStep(block, part) * x.Sums[(input / 16) + part];
        }

        var dx = x.Scales[input / 256];
        var term = dx * T.Scale(block) * codes;
        if (T.HasMinimum)
            term -= dx * T.MinimumScale(block) * minima;
        terms[at] = term;
    }
}
