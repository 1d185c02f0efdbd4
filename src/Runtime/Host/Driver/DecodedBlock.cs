using System.Buffers.Binary;

namespace TaalasSim.Runtime.Host.Driver;

/// <summary>A block as it reached the host.</summary>
public sealed record DecodedBlock
{
    /// <summary>Bytes of a position on the link: id, step, confidence.</summary>
    internal const int BytesPerPosition = 12;

    /// <summary>Tokens; the mask token where the block ended before its position was revealed.</summary>
    public required IReadOnlyList<int> Ids { get; init; }

    /// <summary>For each position the step, from 1, that revealed it; 0 when none did.</summary>
    public required IReadOnlyList<int> RevealedAt { get; init; }

    /// <summary>Probability of each token when it was revealed.</summary>
    public required IReadOnlyList<float> Confidences { get; init; }

    /// <summary>Steps that the block took.</summary>
    public required int Steps { get; init; }

    /// <summary>Simulated host time of arrival.</summary>
    public required long TimeNs { get; init; }

    internal static DecodedBlock Read(ReadOnlySpan<byte> bytes, int steps, long timeNs)
    {
        var count = bytes.Length / BytesPerPosition;
        var (ids, at, confidences) = (new int[count], new int[count], new float[count]);
        for (var i = 0; i < count; i++)
        {
            var from = bytes.Slice(i * BytesPerPosition, BytesPerPosition);
            ids[i] = BinaryPrimitives.ReadInt32LittleEndian(from);
            at[i] = BinaryPrimitives.ReadInt32LittleEndian(from[4..]);
            confidences[i] = BinaryPrimitives.ReadSingleLittleEndian(from[8..]);
        }

        return new DecodedBlock
        {
            Ids = ids,
            RevealedAt = at,
            Confidences = confidences,
            Steps = steps,
            TimeNs = timeNs,
        };
    }
}
