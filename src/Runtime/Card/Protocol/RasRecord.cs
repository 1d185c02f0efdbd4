using System.Buffers.Binary;

namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>One 64-byte entry of the card's error log.</summary>
public readonly record struct RasRecord
{
    public const int Size = 64;
    public const ushort Magic = 0x55AA;

    public uint Sequence { get; init; }
    public ulong TimeNs { get; init; }
    public RasSource Source { get; init; }
    public RasClass Class { get; init; }
    public ushort Channel { get; init; }
    public StatusCode Code { get; init; }

    /// <summary>Errors of this class so far, this one included.</summary>
    public uint Count { get; init; }

    /// <summary>Bus address, register offset or context, by source.</summary>
    public ulong Address { get; init; }

    public void Write(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], TimeNs);
        bytes[16] = (byte)Source;
        bytes[17] = (byte)Class;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[18..], Channel);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[20..], (uint)Code);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], Count);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[32..], Address);
    }

    public static RasRecord Read(ReadOnlySpan<byte> bytes) =>
        new()
        {
            Sequence = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
            TimeNs = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            Source = (RasSource)bytes[16],
            Class = (RasClass)bytes[17],
            Channel = BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]),
            Code = (StatusCode)BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]),
            Count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]),
            Address = BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
        };
}
