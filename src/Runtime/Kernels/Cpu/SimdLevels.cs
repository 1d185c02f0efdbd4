using System.Runtime.Intrinsics.X86;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>What this machine offers.</summary>
internal static class SimdLevels
{
    private static readonly (SimdLevel Level, string Name)[] Names =
    [
        (SimdLevel.Portable, "portable"),
        (SimdLevel.Avx2, "avx2"),
        (SimdLevel.Avx2Vnni, "avx2-vnni"),
        (SimdLevel.Avx512, "avx512"),
        (SimdLevel.Avx512Vnni, "avx512-vnni"),
    ];

    /// <summary>The levels of this machine, slowest first.</summary>
    public static IReadOnlyList<SimdLevel> Available { get; } = [.. Names.Select(n => n.Level).Where(IsSupported)];

    /// <summary>The fastest level of this machine.</summary>
    public static SimdLevel Best => Available[^1];

    /// <summary>Whether kernels may use byte dot products.</summary>
    public static bool HasVnni(SimdLevel level) => level is SimdLevel.Avx2Vnni or SimdLevel.Avx512Vnni;

    /// <summary>Whether kernels may use 512-bit integers.</summary>
    public static bool HasAvx512(SimdLevel level) => level is SimdLevel.Avx512 or SimdLevel.Avx512Vnni;

    /// <summary>Name as written on the command line.</summary>
    public static string NameOf(SimdLevel level) => Names[(int)level].Name;

    /// <summary>The level of that name.</summary>
    /// <exception cref="InputException">No such level, or this machine has not the instructions.</exception>
    public static SimdLevel Named(string name)
    {
        var found = Names
            .Where(n => n.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(n => (SimdLevel?)n.Level)
            .FirstOrDefault();
        return found is { } level && IsSupported(level)
            ? level
            : throw new InputException(
                $"--simd {name}: {(found is null ? "no such level" : "this CPU has not these instructions")}; available: "
                    + string.Join(", ", Available.Select(NameOf))
            );
    }

    private static bool IsSupported(SimdLevel level) =>
        level switch
        {
            SimdLevel.Portable => true,
            SimdLevel.Avx2 => Avx2.IsSupported,
            SimdLevel.Avx2Vnni => Avx2.IsSupported && AvxVnni.IsSupported,
            SimdLevel.Avx512 => Avx512BW.IsSupported,
            _ => Avx512BW.IsSupported && AvxVnni.IsSupported,
        };
}
