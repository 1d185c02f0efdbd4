using System.Buffers.Binary;

namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>
/// How the chip samples, as it travels to the device: 64 bytes, little-endian, naturally aligned; <see cref="StopCount"/> u32 stop ids
/// follow it. Temperature ≤ 0 means greedy. Field meanings are llama.cpp's.
/// </summary>
public readonly record struct SamplerBlock
{
    public const int Size = 64;

    /// <summary>Most stop ids a block may announce.</summary>
    public const int MaxStops = 256;

    public uint Flags { get; init; }
    public float Temperature { get; init; }
    public uint TopK { get; init; }
    public float TopP { get; init; }
    public float MinP { get; init; }
    public float RepeatPenalty { get; init; }
    public float FrequencyPenalty { get; init; }
    public float PresencePenalty { get; init; }
    public uint LastN { get; init; }
    public uint StopCount { get; init; }
    public ulong Seed { get; init; }
    public ulong GrammarAddress { get; init; }
    public ulong LogitBiasAddress { get; init; }

    /// <summary>Always the most likely token; no penalties.</summary>
    public static SamplerBlock Greedy { get; } = new() { TopP = 1, RepeatPenalty = 1 };

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Flags);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[4..], Temperature);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], TopK);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[12..], TopP);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[16..], MinP);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[20..], RepeatPenalty);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[24..], FrequencyPenalty);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[28..], PresencePenalty);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[32..], LastN);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[36..], StopCount);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[40..], Seed);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[48..], GrammarAddress);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[56..], LogitBiasAddress);
    }

    public static SamplerBlock Read(ReadOnlySpan<byte> bytes) =>
        new()
        {
            Flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            Temperature = BinaryPrimitives.ReadSingleLittleEndian(bytes[4..]),
            TopK = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
            TopP = BinaryPrimitives.ReadSingleLittleEndian(bytes[12..]),
            MinP = BinaryPrimitives.ReadSingleLittleEndian(bytes[16..]),
            RepeatPenalty = BinaryPrimitives.ReadSingleLittleEndian(bytes[20..]),
            FrequencyPenalty = BinaryPrimitives.ReadSingleLittleEndian(bytes[24..]),
            PresencePenalty = BinaryPrimitives.ReadSingleLittleEndian(bytes[28..]),
            LastN = BinaryPrimitives.ReadUInt32LittleEndian(bytes[32..]),
            StopCount = BinaryPrimitives.ReadUInt32LittleEndian(bytes[36..]),
            Seed = BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]),
            GrammarAddress = BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]),
            LogitBiasAddress = BinaryPrimitives.ReadUInt64LittleEndian(bytes[56..]),
        };
}
