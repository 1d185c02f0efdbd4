using System.Buffers.Binary;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.ChipModel.MaskLayers;

/// <summary>
/// Where things lie in <c>weights.mask</c>: a 64-byte header, then the banks of all used sites in site order, each at a multiple of 64
/// bytes, then the vector ROM as little-endian float32. Nothing in the file says what a bank is for: that is on the dataflow layer.
/// </summary>
/// <remarks>Header: magic "TSWEIGHT", u32 version 1, u32 used sites, u64 offset of the vector ROM, u64 floats in it, zeros.</remarks>
public sealed class WeightsLayer
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderBytes = 64;

    private const int Alignment = 64;

    private static readonly byte[] Magic = "TSWEIGHT"u8.ToArray();

    private WeightsLayer(long[] siteOffsets, long vectorOffset, long vectorValues, int usedSites)
    {
        SiteOffsets = siteOffsets;
        VectorOffset = vectorOffset;
        VectorValues = vectorValues;
        UsedSites = usedSites;
    }

    /// <summary>File offset of each site's bank; −1 for an empty site.</summary>
    public long[] SiteOffsets { get; }

    /// <summary>File offset of the vector ROM.</summary>
    public long VectorOffset { get; }

    /// <summary>Floats in the vector ROM.</summary>
    public long VectorValues { get; }

    /// <summary>Sites with a bank.</summary>
    public int UsedSites { get; }

    /// <summary>Bytes of the file.</summary>
    public long FileBytes => VectorOffset + (4 * VectorValues);

    /// <summary>Lays out the file for the given straps.</summary>
    /// <exception cref="InputException">A strap names a matrix or a segment that the chip does not have.</exception>
    public static WeightsLayer For(IReadOnlyList<MatrixPlan> matrices, IReadOnlyList<SiteStraps> straps, long vectorValues)
    {
        var offsets = new long[straps.Count];
        long at = HeaderBytes;
        var used = 0;
        for (var site = 0; site < straps.Count; site++)
        {
            var strap = straps[site];
            offsets[site] = -1;
            if (strap.Matrix < 0)
                continue;
            if (strap.Matrix >= matrices.Count)
                throw new InputException(
                    $"dataflow layer: site {site} is strapped to matrix {strap.Matrix}, but the chip has {matrices.Count} matrices"
                );
            var matrix = matrices[strap.Matrix];
            if (strap.InputSegment >= matrix.InputSegments || strap.OutputSegment >= matrix.OutputSegments)
                throw new InputException(
                    $"dataflow layer: site {site}: segment ({strap.InputSegment}, {strap.OutputSegment}) lies outside matrix {matrix.Name}"
                );
            offsets[site] = at;
            used++;
            at = checked(
                at
                + Align(
                    PanelLayout.BankBytes(
                        CodeFormats.Named(matrix.Format),
                        Rows(matrix, strap.InputSegment),
                        Columns(matrix, strap.OutputSegment)
                    )
                )
            );
        }

        return new WeightsLayer(offsets, at, vectorValues, used);
    }

    /// <summary>Inputs that a bank of that input segment holds.</summary>
    public static int Rows(MatrixPlan matrix, int inputSegment) =>
        Math.Min(matrix.BankRows, matrix.Inputs - (inputSegment * matrix.BankRows));

    /// <summary>Outputs that a bank of that output segment holds.</summary>
    public static int Columns(MatrixPlan matrix, int outputSegment) =>
        Math.Min(matrix.BankColumns, matrix.Outputs - (outputSegment * matrix.BankColumns));

    /// <summary>The file's header.</summary>
    public byte[] Header()
    {
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), (uint)UsedSites);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(16), (ulong)VectorOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(24), (ulong)VectorValues);
        return header;
    }

    /// <summary>Checks a file's header and length against this layout.</summary>
    /// <exception cref="InputException">The file is not the layer that the dataflow layer expects.</exception>
    public void Check(ReadOnlySpan<byte> header, long fileBytes, string name)
    {
        if (header.Length < HeaderBytes || !header[..8].SequenceEqual(Magic))
            throw new InputException($"{name}: not a weights layer (bad magic); compile the image again");
        if (fileBytes != FileBytes || !header[..HeaderBytes].SequenceEqual(Header()))
            throw new InputException(
                $"{name}: {fileBytes} bytes and header do not match the dataflow layer, which needs {FileBytes}; compile the image again"
            );
    }

    private static long Align(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}
