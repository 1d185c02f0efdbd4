using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using TaalasSim.ChipModel.Signatures;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>
/// Verifies a runtime image as a loader does: magic, length, header CRC, table bounds, table hash, signature policy, section hashes, model
/// and mask identity, rollback; the first failure decides. Allocates at most the section table, which the file must really hold.
/// </summary>
public static class ImageVerifier
{
    private const int ZeroStart = 412;

    /// <summary>Verifies a seekable stream from its start.</summary>
    public static ImageVerdict Verify(Stream stream, ImagePolicy policy)
    {
        var header = new byte[ChipRuntimeImage.HeaderSize];
        var sections = new List<ImageSection>();
        return CheckHeader(stream, header)
            ?? CheckTable(stream, header, sections)
            ?? CheckSignature(stream, header, policy)
            ?? CheckSections(stream, sections)
            ?? CheckIdentity(header, policy)
            ?? Good(header, sections);
    }

    private static ImageVerdict? CheckHeader(Stream stream, byte[] header)
    {
        stream.Position = 0;
        var got = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (got < 8 || !header.AsSpan(0, 8).SequenceEqual(ChipRuntimeImage.Magic))
            return Reject(ImageCheck.Magic, "the file does not start with HWCHIP1; give a .chip runtime image");
        if (got < header.Length)
            return Reject(
                ImageCheck.Length,
                $"{got} bytes are fewer than a header's {header.Length}; the file is truncated, copy it again"
            );
        var length = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(16));
        if (length != stream.Length)
            return Reject(ImageCheck.Length, $"the header says {length} bytes, the file has {stream.Length}; copy it again");

        var crc = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(ChipRuntimeImage.CrcOffset));
        header.AsSpan(ChipRuntimeImage.CrcOffset).Clear();
        var actual = Crc32C.Of(header);
        if (crc != actual)
            return Reject(
                ImageCheck.HeaderCrc,
                $"header CRC is {crc:x8}, its bytes give {actual:x8}; the header is damaged, copy it again"
            );

        var version = Version(header) & 0xFFFF;
        var headerSize = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(12));
        if (version != ChipRuntimeImage.FormatVersion || headerSize != ChipRuntimeImage.HeaderSize)
            return Reject(
                ImageCheck.TableBounds,
                $"format version {version} with a {headerSize}-byte header is unknown; rebuild the image"
            );
        return header.AsSpan(ZeroStart).ContainsAnyExcept((byte)0)
            ? Reject(ImageCheck.TableBounds, "reserved header bytes 412–507 are not zero; rebuild the image")
            : null;
    }

    private static ImageVerdict? CheckTable(Stream stream, byte[] header, List<ImageSection> sections)
    {
        var count = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(80));
        var tableEnd = ChipRuntimeImage.HeaderSize + count * (long)ChipRuntimeImage.TableEntrySize;
        if (count > ChipRuntimeImage.MaxSections || tableEnd > stream.Length)
            return Reject(ImageCheck.TableBounds, $"{count} sections do not fit the file; rebuild the image");
        var table = new byte[count * ChipRuntimeImage.TableEntrySize];
        stream.ReadExactly(table);
        if (ReadTable(table, tableEnd, stream.Length, sections) is { } fault)
            return Reject(ImageCheck.TableBounds, fault);
        if (FindGapByte(stream, sections, tableEnd) is { } gap)
            return Reject(ImageCheck.TableBounds, $"padding byte {gap} is not zero; rebuild the image");
        return SHA256.HashData(table).AsSpan().SequenceEqual(header.AsSpan(ChipRuntimeImage.TableHashOffset, 32))
            ? null
            : Reject(ImageCheck.TableHash, "the section table does not have the digest that the header gives; copy the file again");
    }

    private static ImageVerdict? CheckSignature(Stream stream, byte[] header, ImagePolicy policy)
    {
        var fields = header.AsSpan(
            ChipRuntimeImage.SignatureLengthOffset + 4,
            ChipRuntimeImage.TableHashOffset - ChipRuntimeImage.KeyIdOffset + 4
        );
        var length = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(ChipRuntimeImage.SignatureLengthOffset));
        var fault =
            length == -1
                ? fields.ContainsAnyExcept((byte)0)
                    ? "an unsigned image has bytes in its signature fields; rebuild it"
                    : policy.AllowUnsigned
                        ? null
                        : "the image is unsigned and the policy asks for a signature"
                : length != PublicKey.SignatureBytes
                || BinaryPrimitives.ReadUInt32LittleEndian(fields) != ChipRuntimeImage.Ed25519Algorithm
                || header
                    .AsSpan(ChipRuntimeImage.SignatureOffset, ChipRuntimeImage.SignatureField)[PublicKey.SignatureBytes..]
                    .ContainsAnyExcept((byte)0)
                    ? "the signature is of a kind that this loader does not check; sign with Ed25519"
                    : policy.Trusted.Find(header.AsSpan(ChipRuntimeImage.KeyIdOffset, 32)) is not { } key
                        ? "this loader has no key for the image's signature; trust its key, or give an unsigned image"
                        : key.Verifies(Signed(stream, header), header.AsSpan(ChipRuntimeImage.SignatureOffset, PublicKey.SignatureBytes))
                            ? null
                            : "the signature does not fit the image; it was altered after it was signed";
        return fault is null ? null : Reject(ImageCheck.Signature, fault, StatusCode.ImageSignature);
    }

    // Header with signature and checksum zero, and the section table. The checksum was cleared when it was checked.
    private static byte[] Signed(Stream stream, byte[] header)
    {
        var count = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(80));
        var bytes = new byte[header.Length + (count * ChipRuntimeImage.TableEntrySize)];
        header.CopyTo(bytes, 0);
        bytes.AsSpan(ChipRuntimeImage.SignatureOffset, ChipRuntimeImage.SignatureField).Clear();
        bytes.AsSpan(ChipRuntimeImage.CrcOffset, 4).Clear();
        stream.Position = header.Length;
        stream.ReadExactly(bytes.AsSpan(header.Length));
        return bytes;
    }

    private static ImageVerdict? CheckSections(Stream stream, List<ImageSection> sections)
    {
        foreach (var section in sections)
            if (!string.Equals(HashOf(stream, section), section.Sha256, StringComparison.Ordinal))
                return Reject(
                    ImageCheck.SectionHash,
                    $"section {section.Name} does not have the digest that the table gives; copy the file again"
                );
        return null;
    }

    private static ImageVerdict? CheckIdentity(byte[] header, ImagePolicy policy)
    {
        var (model, mask) = (Id(header, 40), Id(header, 56));
        if (policy.Model is { } wantedModel && model != wantedModel)
            return Reject(ImageCheck.Identity, $"the image is for model {model}, the card holds {wantedModel}", StatusCode.ModelMismatch);
        if (policy.Mask is { } wantedMask && mask != wantedMask)
            return Reject(ImageCheck.Identity, $"the image is for mask {mask}, the card holds {wantedMask}", StatusCode.ModelMismatch);
        var security = (int)(Version(header) >> 16);
        return security < policy.MinimumSecurityVersion
            ? Reject(ImageCheck.Rollback, $"security version {security} is below {policy.MinimumSecurityVersion}; give a newer image")
            : null;
    }

    private static ImageVerdict Good(byte[] header, List<ImageSection> sections) =>
        new(
            StatusCode.Ok,
            ImageCheck.None,
            "",
            new ChipRuntimeImage
            {
                Id = Id(header, 24),
                Model = Id(header, 40),
                Mask = Id(header, 56),
                SecurityVersion = (int)(Version(header) >> 16),
                Sections = sections,
            }
        );

    private static uint Version(byte[] header) => BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(8));

    private static Guid Id(byte[] header, int offset) => new(header.AsSpan(offset, 16), bigEndian: true);

    private static string? ReadTable(byte[] table, long tableEnd, long length, List<ImageSection> sections)
    {
        var expected = ChipRuntimeImage.Align(tableEnd);
        for (var at = 0; at < table.Length; at += ChipRuntimeImage.TableEntrySize)
        {
            var entry = table.AsSpan(at, ChipRuntimeImage.TableEntrySize);
            var kind = BinaryPrimitives.ReadUInt32LittleEndian(entry);
            var flags = BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]);
            var nameBytes = entry.Slice(8, 16);
            var end = nameBytes.IndexOf((byte)0);
            var name = Encoding.ASCII.GetString(end < 0 ? nameBytes : nameBytes[..end]);
            var offset = BinaryPrimitives.ReadInt64LittleEndian(entry[24..]);
            var size = BinaryPrimitives.ReadInt64LittleEndian(entry[32..]);
            var raw = BinaryPrimitives.ReadInt64LittleEndian(entry[40..]);
            var index = sections.Count;
            if (!ChipRuntimeImage.IsName(name) || end >= 0 && nameBytes[end..].ContainsAnyExcept((byte)0))
                return $"section {index} has no printable name; rebuild the image";
            if ((flags & 2) != 0)
                return $"section {name} is compressed, which this loader does not read; store it plain";
            if ((flags & ~1u) != 0 || entry[80..].ContainsAnyExcept((byte)0))
                return $"section {name} sets reserved bits; rebuild the image";
            if ((flags & 1) != 0 && !Enum.IsDefined((ImageSectionKind)kind))
                return $"section {name} is required and of unknown kind {kind}; use a newer loader";
            if (size < 0 || raw != size || offset != expected || offset > length || size > length - offset)
                return $"section {name} lies at {offset} with {size} bytes, expected at {expected} and within {length}; rebuild the image";
            var isLast = at + ChipRuntimeImage.TableEntrySize == table.Length;
            expected = isLast ? offset + size : ChipRuntimeImage.Align(offset + size);
            sections.Add(
                new ImageSection
                {
                    Kind = (ImageSectionKind)kind,
                    IsRequired = (flags & 1) != 0,
                    Name = name,
                    Offset = offset,
                    Size = size,
                    Sha256 = Convert.ToHexStringLower(entry.Slice(48, 32)),
                }
            );
        }
        return expected == length ? null : $"the sections end at {expected}, the file at {length}; rebuild the image";
    }

    private static long? FindGapByte(Stream stream, List<ImageSection> sections, long tableEnd)
    {
        var from = tableEnd;
        Span<byte> gap = stackalloc byte[ChipRuntimeImage.Alignment];
        for (var i = 0; i <= sections.Count; i++)
        {
            var to = i < sections.Count ? sections[i].Offset : stream.Length;
            stream.Position = from;
            var bytes = gap[..(int)(to - from)];
            stream.ReadExactly(bytes);
            if (bytes.IndexOfAnyExcept((byte)0) is >= 0 and var at)
                return from + at;
            if (i < sections.Count)
                from = sections[i].Offset + sections[i].Size;
        }
        return null;
    }

    private static string HashOf(Stream stream, ImageSection section)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        stream.Position = section.Offset;
        for (var left = section.Size; left > 0; )
        {
            var part = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            stream.ReadExactly(part);
            hash.AppendData(part);
            left -= part.Length;
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static ImageVerdict Reject(ImageCheck check, string message, StatusCode code = StatusCode.ImageRejected) =>
        new(code, check, "runtime image: " + message, null);
}
