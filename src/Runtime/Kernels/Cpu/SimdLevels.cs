using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>What this machine offers.</summary>
internal static class SimdLevels
{
    public static SimdLevel Best =>
        AvxVnni.IsSupported
            ? Avx512BW.IsSupported
                ? SimdLevel.Avx512
                : SimdLevel.Vnni
            : Avx2.IsSupported
                ? SimdLevel.Avx2
                : SimdLevel.Portable;

    public static string NameOf(SimdLevel level) =>
        level switch
        {
            SimdLevel.Avx512 => "AVX-VNNI, AVX-512",
            SimdLevel.Vnni => "AVX-VNNI",
            SimdLevel.Avx2 => "AVX2",
            _ => "portable",
        };
}
