using System.Buffers.Binary;

namespace TaalasSim.Compiler.Gguf;

/// <summary>Reads and writes the little-endian fields of blocks.</summary>
internal static class BlockFields
{
    public static float Half(ReadOnlySpan<byte> block, int at) => (float)BinaryPrimitives.ReadHalfLittleEndian(block[at..]);

    public static ushort UInt16(ReadOnlySpan<byte> block, int at) => BinaryPrimitives.ReadUInt16LittleEndian(block[at..]);

    public static uint UInt32(ReadOnlySpan<byte> block, int at) => BinaryPrimitives.ReadUInt32LittleEndian(block[at..]);

    /// <summary>Stores a scale as F16 and returns what a reader will decode.</summary>
    /// <exception cref="ArgumentException">The scale exceeds the largest F16, 65504.</exception>
    public static float PutHalf(Span<byte> block, int at, float scale)
    {
        var half = (System.Half)scale;
        if (!System.Half.IsFinite(half))
            throw new ArgumentException($"A block scale of {scale} exceeds the largest F16, 65504.", nameof(scale));
        BinaryPrimitives.WriteHalfLittleEndian(block[at..], half);
        return (float)half;
    }
}
