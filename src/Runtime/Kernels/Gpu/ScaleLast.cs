using System.Runtime.CompilerServices;
using ILGPU;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Blocks longer than the activations' 32: sum += weight scale · Σ (activation scale · Σ).</summary>
internal readonly struct ScaleLast<T> : ISumOrder
    where T : unmanaged, IIntegerFormat
{
    public static int Weights => T.Weights;

    public static int Bytes => T.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(PanelBlock block, DeviceVectors x, long input, ArrayView<float> terms, int at, int stride)
    {
        var parts = 0f;
        for (var part = 0; part < T.Weights / 32; part++)
            parts += x.Scales[(input / 32) + part] * BlockDot.Of<T>(block, x, input, 8 * part, 8);
        terms[at] = T.Scale(block) * parts;
    }
}
