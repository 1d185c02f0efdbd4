namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Instruction sets that the fast kernels are compiled for, slowest first; all give the same bits.</summary>
internal enum SimdLevel
{
    /// <summary>The scalar products, one output after the other.</summary>
    Portable,

    /// <summary>256-bit vectors; byte products in two steps.</summary>
    Avx2,

    /// <summary>256-bit vectors with byte dot products (AVX-VNNI).</summary>
    Avx2Vnni,

    /// <summary>512-bit vectors (AVX-512 F, BW); byte products in two steps.</summary>
    Avx512,

    /// <summary>512-bit vectors, and 256-bit byte dot products (AVX-VNNI) where they are faster.</summary>
    Avx512Vnni,
}
