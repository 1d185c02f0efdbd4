using System.Numerics;

namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>CRC-32C (Castagnoli, reflected, initial and final complement), RFC 3720 appendix B.4.</summary>
public static class Crc32C
{
    /// <summary>CRC of a run of bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
