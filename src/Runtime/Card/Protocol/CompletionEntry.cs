using System.Buffers.Binary;

namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>One 16-byte answer of the device; the phase bit in the last dword shows the host that the entry is new.</summary>
public readonly record struct CompletionEntry
{
    /// <summary>Bytes of a completion.</summary>
    public const int Size = 16;

    /// <summary>What the host puts into result and aux of a free entry. No completion has it in either, so that one that has landed in part
    /// is known.</summary>
    public const uint NotWritten = uint.MaxValue;

    /// <summary>Token id or count, by opcode.</summary>
    public uint Result { get; init; }

    /// <summary>Position, µs or error detail, by opcode.</summary>
    public uint Aux { get; init; }

    /// <summary>How far the device has read the submission ring.</summary>
    public ushort SqHead { get; init; }

    /// <summary>Channel of the command.</summary>
    public ushort Channel { get; init; }

    /// <summary>The command answered.</summary>
    public ushort Cid { get; init; }

    /// <summary>Differs from the phase of the ring's previous round.</summary>
    public bool Phase { get; init; }

    /// <summary>How the command ended.</summary>
    public StatusCode Code { get; init; }

    /// <summary>The same command would fail again.</summary>
    public bool DoNotRetry { get; init; }

    /// <summary>More completions of the same command follow.</summary>
    public bool StreamContinues { get; init; }

    /// <summary>Result or aux have not been written yet.</summary>
    public bool IsTorn => Result == NotWritten || Aux == NotWritten;

    /// <summary>Writes the 16 bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Result);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Aux);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], SqHead);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[10..], Channel);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[12..], Cid);
        var status = (Phase ? 1 : 0) | ((ushort)Code & 0x7FF) << 1 | (DoNotRetry ? 1 << 13 : 0) | (StreamContinues ? 1 << 14 : 0);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[14..], (ushort)status);
    }

    /// <summary>Reads the 16 bytes.</summary>
    public static CompletionEntry Read(ReadOnlySpan<byte> bytes)
    {
        var status = BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]);
        return new()
        {
            Result = BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            Aux = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
            SqHead = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]),
            Channel = BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]),
            Cid = BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]),
            Phase = (status & 1) != 0,
            Code = (StatusCode)(status >> 1 & 0x7FF),
            DoNotRetry = (status >> 13 & 1) != 0,
            StreamContinues = (status >> 14 & 1) != 0,
        };
    }
}
