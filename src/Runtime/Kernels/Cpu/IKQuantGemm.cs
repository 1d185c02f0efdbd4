using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>A block row of a K-quant against several vectors: decoded once, then multiplied with two at a time.</summary>
internal unsafe interface IKQuantGemm
{
    /// <summary>Bytes of a decoded block row.</summary>
    static abstract int BlockBytes { get; }

    /// <summary>Decodes a block row.</summary>
    /// <param name="row">Sixteen blocks.</param>
    /// <param name="block">Takes <see cref="BlockBytes"/>, 64-byte aligned.</param>
    static abstract void Store(byte* row, void* block);

    /// <summary>Adds the products with two vectors next to each other.</summary>
    /// <param name="block">The decoded block row.</param>
    /// <param name="x">Quantised activations.</param>
    /// <param name="sub">Block of 32 activations of the first vector that the row begins at.</param>
    /// <param name="sums">State of the two vectors; see <see cref="KQuantState"/>.</param>
    static abstract void AddTwo(void* block, Activations x, long sub, float* sums);

    /// <summary>The sixteen outputs of a vector, in the order of the reference: minima, then lane after lane.</summary>
    /// <param name="sums">State of the vector.</param>
    /// <param name="outputs">Takes sixteen.</param>
    static abstract void Finish(float* sums, float* outputs);
}
