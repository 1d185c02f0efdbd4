using System.Buffers.Binary;

namespace TaalasSim.Compiler.Gguf;

/// <summary>Reads and writes the little-endian fields of blocks.</summary>
internal static class BlockFields
{
    public static float Half(ReadOnlySpan<byte> block, int at) => (float)BinaryPrimitives.ReadHalfLittleEndian(block[at..]);

    public static ushort UInt16(ReadOnlySpan<byte> block, int at) => BinaryPrimitives.ReadUInt16LittleEndian(block[at..]);

    public static uint UInt32(ReadOnlySpan<byte> block, int at) => BinaryPrimitives.ReadUInt32LittleEndian(block[at..]);
}
