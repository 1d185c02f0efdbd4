using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Masks;

namespace TaalasSim.Reports.Charts;

/// <summary>What the pictures of a chip's two mask layers show.</summary>
public sealed record MaskPictures
{
    /// <summary>Vias over the die.</summary>
    public required DieMapData Density { get; init; }

    /// <summary>A bank to look into.</summary>
    public required BankDrawing Bank { get; init; }

    /// <summary>Goes once through the weights layer of a chip; one bank is in memory at a time.</summary>
    /// <param name="image">Chip.</param>
    /// <param name="geometry">Form of its layers.</param>
    /// <param name="site">Site of the bank to draw; null takes the first of the model's first layer.</param>
    /// <param name="progress">Share of the sites done.</param>
    /// <param name="cancel">Stops between two banks.</param>
    public static MaskPictures Of(
        MaskImage image,
        MaskGeometry geometry,
        int? site,
        IProgress<double>? progress = null,
        CancellationToken cancel = default
    )
    {
        var bank = BankDrawing.Of(image, geometry, site);
        var parts = RasterMask.Parts(image.Straps.Count(s => s.Matrix >= 0));
        var dies = RasterMask.Of(ListMaskCells.Of(image, geometry, MaskWindow.Everything, progress, cancel), geometry, parts);
        return new MaskPictures
        {
            Density = DieMapData.Density($"{image.Fabric.Name}: vias on the weights layer", dies, geometry),
            Bank = bank,
        };
    }

    /// <summary>The pictures; the caller disposes them.</summary>
    public IReadOnlyList<Picture> Draw() => [DieMapChart.Draw(Density), BankChart.Draw(Bank), ViaChart.Draw(Bank), StrapChart.Draw(Bank)];
}
