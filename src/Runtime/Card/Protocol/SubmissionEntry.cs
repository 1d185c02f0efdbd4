using System.Buffers.Binary;

namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>One 64-byte command. Which fields an opcode reads is tabled in docs/card.md.</summary>
public readonly record struct SubmissionEntry
{
    /// <summary>Bytes of a command.</summary>
    public const int Size = 64;

    /// <summary>Longest transfer that needs no scatter list, bytes.</summary>
    public const int PageBytes = 4096;

    /// <summary>In place of a vector in CREATE_CQ: the channel raises no interrupt.</summary>
    public const int NoVector = 0xFFFF;

    private const int CrcOffset = 60;

    /// <summary>What to do.</summary>
    public Opcode Opcode { get; init; }

    /// <summary>How to do it.</summary>
    public CommandFlags Flags { get; init; }

    /// <summary>Unique among the commands in flight on a channel; 1 … 65535.</summary>
    public ushort Cid { get; init; }

    /// <summary>Handle of the context, for commands that use one.</summary>
    public uint Context { get; init; }

    /// <summary>For the host's own traces; the device does not read it.</summary>
    public ulong UserData { get; init; }

    /// <summary>The device answers 0005 when the command runs longer, ms of device time; 0 = no limit.</summary>
    public uint TimeoutMs { get; init; }

    /// <summary>Cid to wait for, 0 = none. Always met: a channel runs in order.</summary>
    public uint DependsOn { get; init; }

    /// <summary>Host or SRAM address to read from.</summary>
    public ulong Source { get; init; }

    /// <summary>Host or SRAM address to write to.</summary>
    public ulong Destination { get; init; }

    /// <summary>Bytes at the host address.</summary>
    public uint Length { get; init; }

    /// <summary>First argument.</summary>
    public uint Arg0 { get; init; }

    /// <summary>Second argument.</summary>
    public uint Arg1 { get; init; }

    /// <summary>Third argument.</summary>
    public uint Arg2 { get; init; }

    /// <summary>Fourth argument.</summary>
    public uint Arg3 { get; init; }

    /// <summary>Flag bits 6 and 7, which must be 0, are set.</summary>
    public bool HasReservedFlags => ((byte)Flags & 0xC0) != 0;

    /// <summary>Writes the 64 bytes, CRC included.</summary>
    public void Write(Span<byte> bytes)
    {
        bytes[0] = (byte)Opcode;
        bytes[1] = (byte)Flags;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], Cid);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Context);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], UserData);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], TimeoutMs);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[20..], DependsOn);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], Source);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[32..], Destination);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[40..], Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[44..], Arg0);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[48..], Arg1);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[52..], Arg2);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[56..], Arg3);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[CrcOffset..], Crc32C.Of(bytes[..CrcOffset]));
    }

    /// <summary>Reads the 64 bytes; the CRC is checked by <see cref="CrcHolds"/>.</summary>
    public static SubmissionEntry Read(ReadOnlySpan<byte> bytes) =>
        new()
        {
            Opcode = (Opcode)bytes[0],
            Flags = (CommandFlags)bytes[1],
            Cid = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]),
            Context = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
            UserData = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            TimeoutMs = BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]),
            DependsOn = BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]),
            Source = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
            Destination = BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
            Length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[40..]),
            Arg0 = BinaryPrimitives.ReadUInt32LittleEndian(bytes[44..]),
            Arg1 = BinaryPrimitives.ReadUInt32LittleEndian(bytes[48..]),
            Arg2 = BinaryPrimitives.ReadUInt32LittleEndian(bytes[52..]),
            Arg3 = BinaryPrimitives.ReadUInt32LittleEndian(bytes[56..]),
        };

    /// <summary>True when the CRC in the last dword fits; a CRC of 0 means unchecked (capability bit 21).</summary>
    public static bool CrcHolds(ReadOnlySpan<byte> bytes)
    {
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcOffset..]);
        return crc == 0 || crc == Crc32C.Of(bytes[..CrcOffset]);
    }
}
