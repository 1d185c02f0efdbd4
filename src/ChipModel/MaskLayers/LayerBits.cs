using System.Numerics;
using System.Runtime.InteropServices;

namespace TaalasSim.ChipModel.MaskLayers;

/// <summary>Counts what a mask draws: a bit that is set is a via or a strap.</summary>
public static class LayerBits
{
    /// <summary>Bits that are set.</summary>
    public static long Ones(ReadOnlySpan<byte> bytes)
    {
        long ones = 0;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            ones += BitOperations.PopCount(word);
        foreach (var b in bytes[(words.Length * sizeof(ulong))..])
            ones += BitOperations.PopCount(b);
        return ones;
    }
}
