namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>
/// Running sums of one vector and sixteen columns of a K-quant: sixteen sums of minima, then [group of 4 lanes][r][16], where the sixteen
/// are four lanes of each of the columns r, r + 4, r + 8 and r + 12.
/// </summary>
internal static class KQuantState
{
    /// <summary>Floats of one vector.</summary>
    public const int Floats = 16 + 128;

    /// <summary>Where the sums of a group of lanes begin.</summary>
    public static int Group(int group) => 16 + (64 * group);
}
