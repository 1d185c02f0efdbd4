using ILGPU;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>
/// How the reference adds up a product of quantised weights and activations, as device functions. A block of weights gives
/// <see cref="Terms"/> floats, in which every operation rounds as in the reference. Threads compute the terms of many blocks side by side;
/// chains then add them up one after the other, in the order of the blocks.
/// </summary>
internal interface ISumOrder
{
    /// <summary>Weights per block.</summary>
    static abstract int Weights { get; }

    /// <summary>Bytes per block; a block row of a panel has four times as many words.</summary>
    static abstract int Bytes { get; }

    /// <summary>Floats that a block gives.</summary>
    static virtual int Terms => 1;

    /// <summary>Running sums of an output. With one, it takes every term in turn; with eight or nine, term i of every block joins sum i,
    /// and the ninth sum is the first summand of their total.</summary>
    static virtual int Chains => 1;

    /// <summary>Computes the terms of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="x">Activations.</param>
    /// <param name="input">Element of the activations at which the block's inputs begin.</param>
    /// <param name="terms">Where they go: term t to <paramref name="at"/> + t · <paramref name="stride"/>.</param>
    /// <param name="at">Place of term 0.</param>
    /// <param name="stride">Elements between terms.</param>
    static abstract void Write(PanelBlock block, DeviceVectors x, long input, ArrayView<float> terms, int at, int stride);
}
