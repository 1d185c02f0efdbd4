using System.Buffers.Binary;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>Little-endian bytes of words that go to host memory.</summary>
internal static class PageWriter
{
    /// <summary>Dwords one after another.</summary>
    public static byte[] Words(params ReadOnlySpan<uint> words)
    {
        var bytes = new byte[words.Length * 4];
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), words[i]);
        return bytes;
    }

    /// <summary>64-bit words one after another.</summary>
    public static byte[] LongWords(params ReadOnlySpan<long> words)
    {
        var bytes = new byte[words.Length * 8];
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8 * i), words[i]);
        return bytes;
    }
}
