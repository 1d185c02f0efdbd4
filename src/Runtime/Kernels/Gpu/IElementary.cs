using ILGPU;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Exponential and hyperbolic tangent of a device.</summary>
internal interface IElementary
{
    /// <summary>e^x.</summary>
    /// <param name="x">Exponent.</param>
    /// <param name="powers">Table of <see cref="Cpu.Exponential.Powers"/>, in device memory.</param>
    static abstract float Exp(float x, ArrayView<long> powers);

    /// <summary>tanh x.</summary>
    static abstract float Tanh(float x);
}
