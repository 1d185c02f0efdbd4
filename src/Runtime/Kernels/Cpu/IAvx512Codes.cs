using System.Runtime.Intrinsics;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>How <see cref="Avx512Gemm{TCodes}"/> arranges the codes of a K-quant, and multiplies them.</summary>
internal unsafe interface IAvx512Codes
{
    /// <summary>Bytes of codes that meet one set of scales: lanes 0…3 and then 4…7, against a sixteenth as many activations.</summary>
    static abstract int StepBytes { get; }

    /// <summary>Whether sub-blocks have minima.</summary>
    static abstract bool HasMinimum { get; }

    /// <summary>The activations in the order of the codes.</summary>
    static abstract sbyte* Arranged(Activations x);

    /// <summary>Decodes a block row.</summary>
    /// <param name="row">Sixteen blocks.</param>
    /// <param name="to">Takes it; <see cref="Avx512Block.Starts"/> are zero.</param>
    static abstract void Store(byte* row, Avx512Block* to);

    /// <summary>Adds half a step, four lanes of its codes against the activations x: to vector r of the sums n what vector r of the scales
    /// s makes of the products.</summary>
    static abstract void AddGroup(
        byte* codes,
        sbyte* x,
        Vector512<short> s0,
        Vector512<short> s1,
        Vector512<short> s2,
        Vector512<short> s3,
        ref Vector512<int> n0,
        ref Vector512<int> n1,
        ref Vector512<int> n2,
        ref Vector512<int> n3
    );
}
