using System.Buffers.Binary;
using TaalasSim.Runtime.Decode;

namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>
/// Sampler settings as they travel to the device: 64 bytes, little-endian, naturally aligned; <see cref="StopCount"/> u32 stop ids follow.
/// The flags at 0 and the addresses of a grammar at 48 and of a logit bias at 56 are reserved: written as 0, not read.
/// </summary>
/// <param name="Settings">How the device samples.</param>
/// <param name="StopCount">Number of token ids that end a decode.</param>
public readonly record struct SamplerBlock(SamplerSettings Settings, uint StopCount)
{
    /// <summary>Bytes of the block without its stop ids.</summary>
    public const int Size = 64;

    /// <summary>Most stop ids that a block may announce.</summary>
    public const int MaxStops = 256;

    /// <summary>Writes the 64 bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        BinaryPrimitives.WriteSingleLittleEndian(bytes[4..], Settings.Temperature);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], Settings.TopK);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[12..], Settings.TopP);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[16..], Settings.MinP);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[20..], Settings.RepeatPenalty);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[24..], Settings.FrequencyPenalty);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[28..], Settings.PresencePenalty);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[32..], Settings.LastN);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[36..], StopCount);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[40..], Settings.Seed);
    }

    /// <summary>Reads the 64 bytes.</summary>
    public static SamplerBlock Read(ReadOnlySpan<byte> bytes) =>
        new(
            new SamplerSettings
            {
                Temperature = BinaryPrimitives.ReadSingleLittleEndian(bytes[4..]),
                TopK = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
                TopP = BinaryPrimitives.ReadSingleLittleEndian(bytes[12..]),
                MinP = BinaryPrimitives.ReadSingleLittleEndian(bytes[16..]),
                RepeatPenalty = BinaryPrimitives.ReadSingleLittleEndian(bytes[20..]),
                FrequencyPenalty = BinaryPrimitives.ReadSingleLittleEndian(bytes[24..]),
                PresencePenalty = BinaryPrimitives.ReadSingleLittleEndian(bytes[28..]),
                LastN = BinaryPrimitives.ReadUInt32LittleEndian(bytes[32..]),
                Seed = BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]),
            },
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[36..])
        );
}
