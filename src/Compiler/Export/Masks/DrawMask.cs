using System.Text;

namespace TaalasSim.Compiler.Export;

/// <summary>Draws a piece of a bank as SVG: landing pads grey, vias blue, strap pads outlined, straps red. Whole numbers of nanometres, so the text is the same everywhere.</summary>
public static class DrawMask
{
    /// <summary>Draws what lies in a window of a cell.</summary>
    /// <param name="cell">Bank as read from GDSII.</param>
    /// <param name="geometry">Geometry of the fabric.</param>
    /// <param name="window">Part of the cell, from the site's origin; pads are drawn for all positions in it.</param>
    public static string Svg(GdsCell cell, MaskGeometry geometry, Rectangle window)
    {
        int width = window.Right - window.Left, height = window.Top - window.Bottom;
        var text = new StringBuilder()
            .Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Math.Max(1, width / 5)}\" height=\"{Math.Max(1, height / 5)}\" viewBox=\"0 0 {width} {height}\">\n")
            .Append("<style>.pad{fill:#dcdcdc}.via{fill:#1f4e9c}.gap{fill:none;stroke:#b0b0b0;stroke-width:4}.strap{fill:#c0392b}</style>\n")
            .Append($"<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n");
        var half = (int)geometry.Rules.Weights.PadNm.Value / 2;
        for (long bit = 0; bit < geometry.ArrayBits; bit++)
        {
            var (x, y) = geometry.ViaCentre(bit);
            Draw("pad", new Rectangle(x - half, y - half, x + half, y + half));
        }

        for (var bit = 0; bit < 8 * ChipModel.MaskLayers.DataflowLayer.SiteBytes; bit++)
        {
            var (x, y) = geometry.StrapOrigin(bit);
            Draw("gap", geometry.Strap.Moved(x, y));
        }

        foreach (var reference in cell.References)
        {
            if (reference.Cell == ExportGds.ViaCell)
                Draw("via", geometry.Via.Moved(reference.X, reference.Y));
            else if (reference.Cell == ExportGds.StrapCell)
                Draw("strap", geometry.Strap.Moved(reference.X, reference.Y));
        }

        return text.Append("</svg>\n").ToString();

        // SVG's y axis points down.
        void Draw(string kind, Rectangle r)
        {
            if (window.Contains(r))
                text.Append($"<rect class=\"{kind}\" x=\"{r.Left - window.Left}\" y=\"{window.Top - r.Top}\" width=\"{r.Right - r.Left}\" height=\"{r.Top - r.Bottom}\"/>\n");
        }
    }
}
