using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Masks;

namespace TaalasSim.Reports.Charts;

/// <summary>One bank of a chip to draw.</summary>
public sealed record BankDrawing
{
    /// <summary>What the bank holds, e.g. <c>blk.0.attn_q.weight (rom4), site 34</c>.</summary>
    public required string Title { get; init; }

    /// <summary>Bits and place.</summary>
    public required MaskCell Cell { get; init; }

    /// <summary>Form of the layers.</summary>
    public required MaskGeometry Geometry { get; init; }

    /// <summary>The bank on a site, or without one the first bank of the model's first layer.</summary>
    /// <exception cref="ChipModel.Files.InputException">The site has no bank.</exception>
    public static BankDrawing Of(MaskImage image, MaskGeometry geometry, int? site = null)
    {
        var first = image.Ports.FirstOrDefault(p => p.Layer >= 0) ?? image.Ports[0];
        var at = site ?? image.Site(first, 0, 0);
        var window = MaskWindow.Of(at, image.Fabric);
        var cell = ListMaskCells.Of(image, geometry, window).FirstOrDefault()
            ?? throw new ChipModel.Files.InputException($"site {at} has no bank; chip.yaml lists the sites of every port");
        var port = image.Ports[image.Straps[at].Matrix];
        return new BankDrawing
        {
            Title = $"{port.Name} ({port.Format}), site {at}",
            Cell = cell,
            Geometry = geometry,
        };
    }

    /// <summary>Whether a bit of the weights layer is one.</summary>
    internal bool IsVia(long bit) => bit < Cell.Weights.Length * 8L && (Cell.Weights[bit >> 3] >> (int)(bit & 7) & 1) != 0;

    /// <summary>Whether a bit of the dataflow layer is one.</summary>
    internal bool IsStrap(int bit) => (Cell.Straps[bit >> 3] >> (bit & 7) & 1) != 0;
}
