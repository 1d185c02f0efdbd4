using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Simd;

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

/// <summary>What this machine offers.</summary>
internal static class SimdLevels
{
    public static SimdLevel Best => AvxVnni.IsSupported ? Avx512BW.IsSupported ? SimdLevel.Avx512 : SimdLevel.Vnni : Avx2.IsSupported ? SimdLevel.Avx2 : SimdLevel.Portable;

    public static string NameOf(SimdLevel level) => level switch
    {
        SimdLevel.Avx512 => "AVX-VNNI, AVX-512",
        SimdLevel.Vnni => "AVX-VNNI",
        SimdLevel.Avx2 => "AVX2",
        _ => "portable",
    };
}
