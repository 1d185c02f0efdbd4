using System.Runtime.CompilerServices;
using ILGPU;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>sum += (Σ · weight scale) · activation scale: Q4_0 alone rounds in this order.</summary>
internal readonly struct SumFirst<T> : ISumOrder
    where T : unmanaged, IIntegerFormat
{
    public static int Weights => T.Weights;

    public static int Bytes => T.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(PanelBlock block, DeviceVectors x, long input, ArrayView<float> terms, int at, int stride) =>
        terms[at] = BlockDot.Of<T>(block, x, input, 0, T.Weights / 4) * T.Scale(block) * x.Scales[input / 32];
}
