using System.Buffers.Binary;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>SRAM of the card that the host reaches by copies and through the window of BAR4.</summary>
internal sealed class Sram(int size, RasLog ras)
{
    private readonly byte[] _bytes = new byte[size];

    /// <summary>Bytes of the memory.</summary>
    public int Size => _bytes.Length;

    /// <summary>Address of the window's first byte.</summary>
    public ulong WindowBase { get; set; }

    /// <summary>Whether a range lies in the memory.</summary>
    public bool Contains(ulong address, uint length) => address <= (ulong)_bytes.Length && length <= (ulong)_bytes.Length - address;

    /// <summary>Bytes of a range that the memory contains.</summary>
    public Span<byte> Range(ulong address, int length) => _bytes.AsSpan((int)address, length);

    /// <summary>Reads a dword through the window; past the end reads 0 and counts a correctable error.</summary>
    public uint Read(int offset) => At(offset) is { } at ? BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(at)) : 0;

    /// <summary>Writes a dword through the window; past the end is ignored and counts a correctable error.</summary>
    public void Write(int offset, uint value)
    {
        if (At(offset) is { } at)
            BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(at), value);
    }

    /// <summary>Zeroes the memory.</summary>
    public void Clear() => Array.Clear(_bytes);

    private int? At(int offset)
    {
        if ((offset & 3) == 0 && WindowBase <= (ulong)_bytes.Length && (ulong)offset + 4 <= (ulong)_bytes.Length - WindowBase)
            return (int)WindowBase + offset;
        ras.UnknownRegister(offset);
        return null;
    }
}
