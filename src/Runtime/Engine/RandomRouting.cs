namespace TaalasSim.Runtime.Engine;

/// <summary>Draws routed experts without a router: every set of experts is as likely as any other.</summary>
public static class RandomRouting
{
    /// <summary>Even draw that depends on seed, request, position and stage alone.</summary>
    public static ExpertChoice Even(ulong seed) =>
        (request, position, stage, experts, chosen) =>
        {
            var state = Mix(Mix(Mix(seed + 0x9E3779B97F4A7C15) ^ (uint)request) ^ ((ulong)(uint)position << 32 | (uint)stage));
            // Floyd's sampling without replacement: for j = n − k … n − 1 take t in 0…j, or j when t is taken already.
            for (var i = 0; i < chosen.Length; i++)
            {
                var j = experts - chosen.Length + i;
                state += 0x9E3779B97F4A7C15;
                var t = (int)Math.BigMul(Mix(state), (ulong)j + 1, out _);
                chosen[i] = chosen[..i].Contains(t) ? j : t;
            }
        };

    // SplitMix64 finaliser (Steele, Lea and Flood 2014).
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
