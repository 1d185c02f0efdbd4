using System.Buffers.Binary;

namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>One 64-byte entry of the card's error log.</summary>
public readonly record struct RasRecord
{
    /// <summary>Bytes of a record.</summary>
    public const int Size = 64;

    /// <summary>First bytes of a record.</summary>
    public const ushort Magic = 0x55AA;

    /// <summary>Number of the record since power-on.</summary>
    public uint Sequence { get; init; }

    /// <summary>Device time of the error, ns.</summary>
    public ulong TimeNs { get; init; }

    /// <summary>Part that saw the error.</summary>
    public RasSource Source { get; init; }

    /// <summary>Severity.</summary>
    public RasClass Class { get; init; }

    /// <summary>Channel concerned; 0 for none.</summary>
    public ushort Channel { get; init; }

    /// <summary>What went wrong.</summary>
    public StatusCode Code { get; init; }

    /// <summary>Errors of this class so far, this one included.</summary>
    public uint Count { get; init; }

    /// <summary>Bus address, register offset or context, by source.</summary>
    public ulong Address { get; init; }

    /// <summary>Writes the 64 bytes.</summary>
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

    /// <summary>Reads the 64 bytes.</summary>
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
