using System.Buffers.Binary;
using System.Text;

namespace TaalasSim.Runtime.Host.Remote;

/// <summary>
/// One message: 32 bytes, little-endian (kind, A, B, C: u32; time: u64; length of the text: u32; zero: u32), then the text in UTF-8.
/// </summary>
internal readonly record struct WireMessage(WireKind Kind, uint A = 0, uint B = 0, uint C = 0, long Time = 0, string Text = "")
{
    /// <summary>Version of the messages and of the memory's layout.</summary>
    public const uint Version = 2;

    private const int HeaderBytes = 32;
    private const int LongestText = 1 << 20;

    /// <summary>Writes a message whole.</summary>
    public void Write(Stream stream)
    {
        var text = Encoding.UTF8.GetBytes(Text);
        var bytes = new byte[HeaderBytes + text.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)Kind);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), A);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), B);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), C);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), Time);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24), (uint)text.Length);
        text.CopyTo(bytes, HeaderBytes);
        stream.Write(bytes);
    }

    /// <summary>Reads a message; null when the other side has gone or writes no messages.</summary>
    public static WireMessage? Read(Stream stream)
    {
        var head = new byte[HeaderBytes];
        try
        {
            stream.ReadExactly(head);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(24));
            if (length > LongestText)
                return null;
            var text = new byte[length];
            stream.ReadExactly(text);
            return new WireMessage(
                (WireKind)BinaryPrimitives.ReadUInt32LittleEndian(head),
                BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)),
                BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(8)),
                BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(12)),
                BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(16)),
                Encoding.UTF8.GetString(text)
            );
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return null;
        }
    }
}
