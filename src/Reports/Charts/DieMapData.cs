using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Masks;

namespace TaalasSim.Reports.Charts;

/// <summary>A figure for every rectangle of every die.</summary>
public sealed record DieMapData
{
    /// <summary>File name of the picture without extension.</summary>
    public required string Name { get; init; }

    /// <summary>Heading.</summary>
    public required string Title { get; init; }

    /// <summary>The picture in one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>What the colours mean, with the unit.</summary>
    public required string ValueLabel { get; init; }

    /// <summary>Dies with their rectangles.</summary>
    public required IReadOnlyList<DieRaster> Dies { get; init; }

    /// <summary>Value of each rectangle, in the order of the die's raster; NaN where there is nothing.</summary>
    public required IReadOnlyList<double[]> Values { get; init; }

    /// <summary>Whether sites with straps get an outline, and what it means.</summary>
    public string? StrapLabel { get; init; }

    /// <summary>Share of the area that vias cover, in percent.</summary>
    /// <param name="title">Heading.</param>
    /// <param name="dies">Rasters of a chip.</param>
    /// <param name="geometry">Its geometry.</param>
    public static DieMapData Density(string title, IReadOnlyList<DieRaster> dies, MaskGeometry geometry) =>
        new()
        {
            Name = "mask-density",
            Title = title,
            Description = "Share of the die's area that vias of the weights layer cover.",
            ValueLabel = "covered by vias (%)",
            Dies = dies,
            Values =
            [
                .. dies.Select(d =>
                    d.Vias.Select((n, i) => d.Positions[i] > 0 ? 100.0 * n * geometry.Via.Area / (d.CellWidth * d.CellHeight) : double.NaN)
                        .ToArray()
                ),
            ],
        };

    /// <summary>Share of the via positions that change from one chip to another, in percent. Goes once through both weights layers, one
    /// bank at a time.</summary>
    /// <param name="a">First chip.</param>
    /// <param name="b">Second chip, on the same fabric.</param>
    /// <param name="geometry">Form of the layers.</param>
    /// <param name="progress">Share of the sites done.</param>
    /// <param name="cancel">Stops between two banks.</param>
    public static DieMapData Change(
        MaskImage a,
        MaskImage b,
        MaskGeometry geometry,
        IProgress<double>? progress = null,
        CancellationToken cancel = default
    )
    {
        var parts = RasterMask.Parts(Math.Max(a.Straps.Count(s => s.Matrix >= 0), b.Straps.Count(s => s.Matrix >= 0)));
        var dies = RasterMask.Of(ListMaskCells.Xor(a, b, geometry, progress, cancel), geometry, parts);
        return new DieMapData
        {
            Name = "mask-difference",
            Title = $"{b.Fabric.Name}: vias that change on the weights layer",
            Description = "Share of the via positions that change from one chip image to the other.",
            ValueLabel = "via positions that change (%)",
            Dies = dies,
            Values = [.. dies.Select(d => d.Vias.Select((n, i) => d.Positions[i] > 0 ? 100.0 * n / d.Positions[i] : double.NaN).ToArray())],
            StrapLabel = "straps change",
        };
    }
}
