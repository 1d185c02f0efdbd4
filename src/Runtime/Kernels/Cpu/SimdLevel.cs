namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Instruction sets that the fast kernels are compiled for; all give the same bits.</summary>
internal enum SimdLevel
{
    /// <summary>The scalar products, one output after the other.</summary>
    Portable,

    /// <summary>256-bit integers; byte products in two steps.</summary>
    Avx2,

    /// <summary>256-bit integers with byte dot products (AVX-VNNI).</summary>
    Vnni,

    /// <summary>As <see cref="Vnni"/>, with 512-bit vectors where they are faster.</summary>
    Avx512,
}
