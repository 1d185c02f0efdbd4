using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;

namespace TaalasSim.Compiler.Export.Masks;

/// <summary>Makes a chip image from drawn masks: its two layers are read back from GDSII, its description and tokenizer are those of a chip
/// of the same ports.</summary>
public static class ImportGds
{
    /// <summary>Writes the image; an old one at the target is replaced only when the new one is complete. The file is read twice, one bank
    /// at a time.</summary>
    /// <param name="gds">GDSII file of a whole chip.</param>
    /// <param name="like">Folder of a chip image with the same fabric, ports and vectors.</param>
    /// <param name="target">Folder of the new image.</param>
    /// <param name="geometry">Form of the layers on the fabric.</param>
    /// <param name="cancel">Stops between two banks.</param>
    /// <returns>Description of the new image.</returns>
    /// <exception cref="InputException">A via or strap is off its grid, a bank is missing, or the straps do not fit the chip's
    /// ports.</exception>
    public static ChipDescription ToImage(string gds, string like, string target, MaskGeometry geometry, CancellationToken cancel = default)
    {
        var description = ChipDirectory.ReadDescription(like);
        var tokenizer = ChipDirectory.Verify(like, description.Files.Tokenizer, cancel);
        // Adapters are in SRAM, not on the masks: the new image keeps those of the other one.
        var adapters = description.Files.Adapters is { } sram ? ChipDirectory.Verify(like, sram, cancel) : null;
        var dataflow = Straps(gds, geometry, description.Fabric.Sites.PerDie * description.Fabric.Dies, cancel);
        var straps = DataflowLayer.Decode(dataflow, gds);
        var layout = WeightsLayer.For(description.Matrices, straps, description.Vectors.Sum(v => (long)v.Count));
        var banks = description.Matrices.Sum(p => p.InputSegments * p.OutputSegments);
        if (layout.UsedSites != banks)
            throw new InputException(
                $"{gds}: holds {layout.UsedSites} banks, but the chip has {banks}; export the whole chip, without --window or --bank"
            );
        ChipDirectory.Write(target, folder =>
        {
            File.Copy(tokenizer, Path.Combine(folder, description.Files.Tokenizer.Name));
            if (adapters is not null)
                File.Copy(adapters, Path.Combine(folder, description.Files.Adapters!.Name));
            File.WriteAllBytes(Path.Combine(folder, ChipDirectory.DataflowName), dataflow);
            var vias = Weights(gds, Path.Combine(folder, ChipDirectory.WeightsName), layout, geometry, description, straps, cancel);
            description = description with
            {
                Files = new ImageFiles
                {
                    Weights = ChipDirectory.Describe(folder, ChipDirectory.WeightsName, cancel),
                    Dataflow = ChipDirectory.Describe(folder, ChipDirectory.DataflowName, cancel),
                    Tokenizer = description.Files.Tokenizer,
                    Adapters = description.Files.Adapters,
                },
                Resources = description.Resources with
                {
                    WeightsLayerVias = vias,
                    DataflowLayerStraps = LayerBits.Ones(dataflow.AsSpan(DataflowLayer.HeaderBytes)),
                },
            };
            // Refuses straps that are shorted or lead off the ports.
            using var image = new MaskImage(
                description.Fabric,
                description.Matrices,
                description.Vectors,
                straps,
                Path.Combine(folder, ChipDirectory.WeightsName)
            );
            ChipDirectory.WriteDescription(folder, description);
        });
        return description;
    }

    private static byte[] Straps(string gds, MaskGeometry geometry, int sites, CancellationToken cancel)
    {
        var bytes = DataflowLayer.Encode([.. Enumerable.Repeat(SiteStraps.Empty, sites)]);
        using var stream = Open(gds);
        foreach (var cell in ReadMask.Banks(stream, geometry, gds).Where(c => c.Site >= 0))
        {
            cancel.ThrowIfCancellationRequested();
            if (cell.Site >= sites)
                throw new InputException($"{gds}: cell {cell.Cell} is on site {cell.Site}, but the fabric has {sites} sites");
            cell.Straps.CopyTo(bytes, DataflowLayer.HeaderBytes + (cell.Site * DataflowLayer.SiteBytes));
        }

        return bytes;
    }

    private static long Weights(
        string gds,
        string path,
        WeightsLayer layout,
        MaskGeometry geometry,
        ChipDescription description,
        SiteStraps[] straps,
        CancellationToken cancel
    )
    {
        using var stream = Open(gds);
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);
        RandomAccess.SetLength(file, layout.FileBytes);
        RandomAccess.Write(file, layout.Header(), 0);
        long vias = 0;
        foreach (var cell in ReadMask.Banks(stream, geometry, gds))
        {
            cancel.ThrowIfCancellationRequested();
            var (offset, bytes) = cell.Site >= 0 ? Bank(cell.Site) : Array(ExportGds.VectorArrayOf(cell.Cell));
            if (offset < 0 || cell.Weights.AsSpan(bytes).ContainsAnyExcept((byte)0))
                throw new InputException($"{gds}: cell {cell.Cell} has vias where the chip stores nothing");
            vias += LayerBits.Ones(cell.Weights);
            RandomAccess.Write(file, cell.Weights.AsSpan(0, bytes), offset);
        }

        return vias;

        (long Offset, int Bytes) Bank(int site)
        {
            if (straps[site].Matrix < 0)
                return (-1, 0);
            var port = description.Matrices[straps[site].Matrix];
            return (
                layout.SiteOffsets[site],
                checked(
                    (int)
                        PanelLayout.BankBytes(
                            CodeFormats.Named(port.Format),
                            WeightsLayer.Rows(port, straps[site].InputSegment),
                            WeightsLayer.Columns(port, straps[site].OutputSegment)
                        )
                )
            );
        }

        (long Offset, int Bytes) Array(int index)
        {
            var from = index * (geometry.ArrayBits / 8);
            return (layout.VectorOffset + from, (int)Math.Clamp((4 * layout.VectorValues) - from, 0, geometry.ArrayBits / 8));
        }
    }

    private static FileStream Open(string gds)
    {
        RegularFile.Check(gds, "a GDSII file");
        try
        {
            return new FileStream(gds, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{gds}: cannot be read: {e.Message}", e);
        }
    }
}
