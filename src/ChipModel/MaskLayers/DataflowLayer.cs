using System.Buffers.Binary;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.MaskLayers;

/// <summary>
/// The second customised mask layer, file <c>dataflow.mask</c>: a 32-byte header, then sixteen bytes of straps for every site of the fabric
/// in site order.
/// </summary>
/// <remarks>
/// Header: magic "TSDATAFL", u32 version 1, u32 sites, 16 zero bytes. Site: u32 matrix + 1 (0 = no strap at all), u16 input segment, u16
/// output segment, u32 partner site + 1 (0 = drives the output), u16 level, u16 zero. Little-endian.
/// </remarks>
public static class DataflowLayer
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderBytes = 32;

    /// <summary>Bytes of straps per site.</summary>
    public const int SiteBytes = 16;

    private static readonly byte[] Magic = "TSDATAFL"u8.ToArray();

    /// <summary>Encodes the layer.</summary>
    public static byte[] Encode(IReadOnlyList<SiteStraps> sites)
    {
        var bytes = new byte[HeaderBytes + (sites.Count * SiteBytes)];
        Magic.CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), (uint)sites.Count);
        for (var i = 0; i < sites.Count; i++)
        {
            var site = sites[i];
            if (site.Matrix < 0)
                continue;
            var at = bytes.AsSpan(HeaderBytes + (i * SiteBytes), SiteBytes);
            BinaryPrimitives.WriteUInt32LittleEndian(at, checked((uint)(site.Matrix + 1)));
            BinaryPrimitives.WriteUInt16LittleEndian(at[4..], checked((ushort)site.InputSegment));
            BinaryPrimitives.WriteUInt16LittleEndian(at[6..], checked((ushort)site.OutputSegment));
            BinaryPrimitives.WriteUInt32LittleEndian(at[8..], checked((uint)(site.Partner + 1)));
            BinaryPrimitives.WriteUInt16LittleEndian(at[12..], checked((ushort)site.Level));
        }

        return bytes;
    }

    /// <summary>Reads the file of an image, of which no more is read than a fabric of that many sites can have.</summary>
    /// <exception cref="InputException">Not the dataflow layer of such a fabric, or a strap leads off it.</exception>
    public static SiteStraps[] Read(string path, int sites)
    {
        var straps = Decode(RegularFile.ReadBytes(path, HeaderBytes + ((long)sites * SiteBytes), "a dataflow layer"), path);
        return straps.Length == sites ? straps : throw new InputException($"{path}: {straps.Length} sites, but the fabric has {sites}");
    }

    /// <summary>Decodes the layer and checks what can be checked without the chip description.</summary>
    /// <exception cref="InputException">Not a dataflow layer, or a strap leads off the fabric.</exception>
    public static SiteStraps[] Decode(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.Length < HeaderBytes || !bytes[..8].SequenceEqual(Magic))
            throw new InputException($"{name}: not a dataflow layer (bad magic); compile the image again");
        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (version != 1)
            throw new InputException($"{name}: dataflow layer version {version} is not supported (1 is)");
        long count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        if (bytes.Length != HeaderBytes + (count * SiteBytes))
            throw new InputException(
                $"{name}: {bytes.Length} bytes, but {count} sites need {HeaderBytes + (count * SiteBytes)}; the file is cut or padded"
            );
        var sites = new SiteStraps[count];
        for (var i = 0; i < count; i++)
        {
            var at = bytes.Slice(HeaderBytes + (i * SiteBytes), SiteBytes);
            long matrix = BinaryPrimitives.ReadUInt32LittleEndian(at);
            long partner = BinaryPrimitives.ReadUInt32LittleEndian(at[8..]);
            if (matrix == 0)
            {
                if (at.IndexOfAnyExcept((byte)0) >= 0)
                    throw new InputException($"{name}: site {i} has straps but no matrix");
                sites[i] = SiteStraps.Empty;
                continue;
            }

            if (partner > count || matrix > int.MaxValue || at[14] != 0 || at[15] != 0)
                throw new InputException($"{name}: site {i}: a strap leads off the fabric (partner {partner - 1} of {count} sites)");
            sites[i] = new SiteStraps(
                (int)(matrix - 1),
                BinaryPrimitives.ReadUInt16LittleEndian(at[4..]),
                BinaryPrimitives.ReadUInt16LittleEndian(at[6..]),
                (int)partner - 1,
                BinaryPrimitives.ReadUInt16LittleEndian(at[12..])
            );
        }

        return sites;
    }
}
