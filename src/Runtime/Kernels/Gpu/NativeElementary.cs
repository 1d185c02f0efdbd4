using ILGPU;
using ILGPU.Algorithms;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>The device's own functions, for devices without binary64 and for OpenCL.</summary>
internal readonly struct NativeElementary : IElementary
{
    public static float Exp(float x, ArrayView<long> powers) => XMath.Exp(x);

    public static float Tanh(float x) => XMath.Tanh(x);
}
