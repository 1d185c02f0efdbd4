using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>A block row of a K-quant against one vector, multiplied as it is decoded.</summary>
internal unsafe interface IKQuantGemv
{
    /// <summary>Adds the products of sixteen blocks.</summary>
    /// <param name="row">The block row; what follows it is fetched meanwhile.</param>
    /// <param name="x">Quantised activations.</param>
    /// <param name="sub">Block of 32 activations that the row begins at.</param>
    /// <param name="sums">State of the vector; see <see cref="KQuantState"/>.</param>
    static abstract void Add(byte* row, Activations x, long sub, float* sums);
}
