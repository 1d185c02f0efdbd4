namespace TaalasSim.Reports.Sampling;

/// <summary>Uniform numbers by place instead of by order: the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014) over a seed and two
/// indices, so that any point of a sample can be made alone.</summary>
internal static class HashedUniform
{
    // The odd number nearest to 2^64 over the golden ratio.
    private const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>Uniform in [0, 1).</summary>
    public static double At(ulong seed, int index, int dimension) => (Bits(seed, index, dimension) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Sixty-four random bits.</summary>
    public static ulong Bits(ulong seed, int index, int dimension) =>
        Mix(Mix(Mix(seed + Step) + ((ulong)(uint)index * Step)) + ((ulong)(uint)dimension * 0xD1B54A32D192ED03));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
