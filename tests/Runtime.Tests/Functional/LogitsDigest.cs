using System.Globalization;
using System.Runtime.InteropServices;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>FNV-1a (64 bits) of logits as little-endian binary32: bits that another program computed, in eight bytes.</summary>
internal static class LogitsDigest
{
    public static string Of(float[] logits)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var b in MemoryMarshal.AsBytes<float>(logits))
            hash = (hash ^ b) * 0x100000001B3;
        return Hex(hash);
    }

    public static string Hex(ulong digest) => digest.ToString("x16", CultureInfo.InvariantCulture);
}
