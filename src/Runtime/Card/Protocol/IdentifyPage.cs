using System.Buffers.Binary;

namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>The answer of IDENTIFY: one page, little-endian.</summary>
public sealed record IdentifyPage
{
    /// <summary>Bytes of the page.</summary>
    public const int Size = 4096;

    private const int ModelOffset = 16,
        MaskOffset = 32,
        FieldsOffset = 48;

    /// <summary>The capability register.</summary>
    public required uint Capabilities { get; init; }

    /// <summary>The model in the masks.</summary>
    public required CardIdentity Identity { get; init; }

    /// <summary>Channels of the card, the admin channel included.</summary>
    public required int Channels { get; init; }

    /// <summary>SRAM that the host can reach, bytes.</summary>
    public required int SramBytes { get; init; }

    /// <summary>The page as bytes.</summary>
    public byte[] ToBytes()
    {
        var page = new byte[Size];
        BinaryPrimitives.WriteUInt32LittleEndian(page, Bar0.IdValue);
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(4), Bar0.VersionValue);
        BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(8), Capabilities);
        Identity.Model.TryWriteBytes(page.AsSpan(ModelOffset), bigEndian: true, out _);
        Identity.Mask.TryWriteBytes(page.AsSpan(MaskOffset), bigEndian: true, out _);
        int[] fields =
        [
            Identity.Layers,
            Identity.Heads,
            Identity.EmbeddingWidth,
            Identity.Vocabulary,
            Identity.MaxContext,
            Identity.KvBytesPerToken,
            Identity.MaxContexts,
            Channels,
            SramBytes,
        ];
        for (var i = 0; i < fields.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(FieldsOffset + 4 * i), fields[i]);
        return page;
    }

    /// <summary>Reads a page of <see cref="Size"/> bytes.</summary>
    public static IdentifyPage Read(ReadOnlySpan<byte> page)
    {
        Span<int> fields = stackalloc int[9];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = BinaryPrimitives.ReadInt32LittleEndian(page[(FieldsOffset + 4 * i)..]);
        return new IdentifyPage
        {
            Capabilities = BinaryPrimitives.ReadUInt32LittleEndian(page[8..]),
            Identity = new CardIdentity
            {
                Model = new Guid(page.Slice(ModelOffset, 16), bigEndian: true),
                Mask = new Guid(page.Slice(MaskOffset, 16), bigEndian: true),
                Layers = fields[0],
                Heads = fields[1],
                EmbeddingWidth = fields[2],
                Vocabulary = fields[3],
                MaxContext = fields[4],
                KvBytesPerToken = fields[5],
                MaxContexts = fields[6],
            },
            Channels = fields[7],
            SramBytes = fields[8],
        };
    }
}
