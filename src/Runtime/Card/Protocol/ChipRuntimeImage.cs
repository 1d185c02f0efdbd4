using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Signatures;

namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>
/// The file that a card's loader takes: a 512-byte header, a table of sections and the sections, each on a 4 KiB boundary.
/// docs/formats/runtime-image.md gives every offset.
/// </summary>
public sealed record ChipRuntimeImage
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderSize = 512;

    /// <summary>Bytes of a table entry.</summary>
    public const int TableEntrySize = 96;

    /// <summary>Most sections of an image.</summary>
    public const int MaxSections = 1024;
    internal const int Alignment = 4096;
    internal const int FormatVersion = 1;
    internal const int SignatureLengthOffset = 84;
    internal const int KeyIdOffset = 92;
    internal const int SignatureOffset = 124;
    internal const int SignatureField = 256;
    internal const uint Ed25519Algorithm = 1;
    internal const int TableHashOffset = 380;
    internal const int CrcOffset = 508;

    /// <summary>"HWCHIP1\0".</summary>
    internal static ReadOnlySpan<byte> Magic => "HWCHIP1\0"u8;

    /// <summary>Identity of the image, from its content.</summary>
    public required Guid Id { get; init; }

    /// <summary>The model that the image is for.</summary>
    public required Guid Model { get; init; }

    /// <summary>The mask revision that the image is for.</summary>
    public required Guid Mask { get; init; }

    /// <summary>Never falls from one release to the next; a loader refuses a lower one than it has seen.</summary>
    public required int SecurityVersion { get; init; }

    /// <summary>The sections in the order of the file.</summary>
    public required IReadOnlyList<ImageSection> Sections { get; init; }

    /// <summary>
    /// Writes a reproducible image (build time 0; the image id is derived from the content), unsigned without a seal. Sections keep their
    /// order.
    /// </summary>
    /// <exception cref="InputException">A name is not 1–16 printable ASCII characters, or there are more than 1024 sections.</exception>
    public static void Write(
        Stream stream,
        Guid model,
        Guid mask,
        int securityVersion,
        IReadOnlyList<(ImageSectionKind Kind, string Name, ReadOnlyMemory<byte> Bytes)> sections,
        ImageSeal? seal = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(securityVersion);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(securityVersion, ushort.MaxValue);
        if (sections.Count > MaxSections)
            throw new InputException($"runtime image: {sections.Count} sections, at most {MaxSections} fit; merge some");

        var table = new byte[sections.Count * TableEntrySize];
        var offset = Align(HeaderSize + table.Length);
        for (var i = 0; i < sections.Count; i++)
        {
            var (kind, name, bytes) = sections[i];
            if (!IsName(name))
                throw new InputException($"runtime image: section name '{name}' is not 1–16 printable ASCII characters; shorten it");
            var entry = table.AsSpan(i * TableEntrySize, TableEntrySize);
            BinaryPrimitives.WriteUInt32LittleEndian(entry, (uint)kind);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], 1);
            Encoding.ASCII.GetBytes(name, entry[8..]);
            BinaryPrimitives.WriteInt64LittleEndian(entry[24..], offset);
            BinaryPrimitives.WriteInt64LittleEndian(entry[32..], bytes.Length);
            BinaryPrimitives.WriteInt64LittleEndian(entry[40..], bytes.Length);
            SHA256.HashData(bytes.Span, entry[48..]);
            offset = i == sections.Count - 1 ? offset + bytes.Length : Align(offset + bytes.Length);
        }

        var header = new byte[HeaderSize];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), (uint)securityVersion << 16 | FormatVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), HeaderSize);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16), offset);
        SHA256.HashData(table).AsSpan(0, 16).CopyTo(header.AsSpan(24));
        model.TryWriteBytes(header.AsSpan(40), bigEndian: true, out _);
        mask.TryWriteBytes(header.AsSpan(56), bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(80), sections.Count);
        SHA256.HashData(table, header.AsSpan(TableHashOffset));
        Seal(header, table, seal);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(CrcOffset), Crc32C.Of(header));

        stream.Write(header);
        stream.Write(table);
        long written = HeaderSize + table.Length;
        foreach (var (_, _, bytes) in sections)
        {
            stream.Write(new byte[Align(written) - written]);
            stream.Write(bytes.Span);
            written = Align(written) + bytes.Length;
        }
        if (sections.Count == 0)
            stream.Write(new byte[offset - written]);
    }

    private static void Seal(byte[] header, byte[] table, ImageSeal? seal)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(SignatureLengthOffset), seal is null ? -1 : PublicKey.SignatureBytes);
        if (seal is null)
            return;
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(SignatureLengthOffset + 4), Ed25519Algorithm);
        seal.KeyId.CopyTo(header, KeyIdOffset);
        seal.Sign([.. header, .. table]).CopyTo(header, SignatureOffset);
    }

    internal static long Align(long offset) => (offset + Alignment - 1) / Alignment * Alignment;

    internal static bool IsName(string name) => name.Length is >= 1 and <= 16 && name.All(c => c is > ' ' and <= '~');
}
