using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace TaalasSim.ChipModel.Formats;

/// <summary>Reads and writes the little-endian fields of blocks.</summary>
public static class BlockFields
{
    /// <summary>A binary16 at a byte.</summary>
    public static float Half(ReadOnlySpan<byte> block, int at) => (float)BinaryPrimitives.ReadHalfLittleEndian(block[at..]);

    /// <summary>An unsigned integer of 16 bits at a byte.</summary>
    public static ushort UInt16(ReadOnlySpan<byte> block, int at) => BinaryPrimitives.ReadUInt16LittleEndian(block[at..]);

    /// <summary>An unsigned integer of 32 bits at a byte.</summary>
    public static uint UInt32(ReadOnlySpan<byte> block, int at) => BinaryPrimitives.ReadUInt32LittleEndian(block[at..]);

    /// <summary>Copies bytes as signed numbers.</summary>
    public static void SignedBytes(ReadOnlySpan<byte> bytes, Span<sbyte> codes) => MemoryMarshal.Cast<byte, sbyte>(bytes).CopyTo(codes);

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
