using ScottPlot;
using SkiaSharp;

namespace TaalasSim.Reports.Charts;

/// <summary>The one face of all pictures, carried in the assembly: the same letters on any machine, also where no font is
/// installed.</summary>
internal static class ChartFont
{
    /// <summary>Family name inside the font file, also written into SVG.</summary>
    public const string Name = "DejaVu Sans";

    private const string ResourceName = "DejaVuSans.ttf";

    // SKTypeface keeps the data alive; it is shared by all plots and never disposed.
    private static readonly SKTypeface Face = Load();

    private static readonly Lock Gate = new();
    private static bool _registered;

    /// <summary>Makes ScottPlot draw every text with the shipped face. Must precede the first plot.</summary>
    public static void Use()
    {
        lock (Gate)
        {
            if (_registered)
                return;
            Fonts.FontResolvers.Insert(0, new ShippedFace());
            Fonts.Default = Name;
            Fonts.Sans = Name;
            _registered = true;
        }
    }

    /// <summary>Width of a line of text in pixels at a size in pixels.</summary>
    public static float Width(string text, float size)
    {
        using var font = new SKFont(Face, size);
        return font.MeasureText(text);
    }

    private static SKTypeface Load()
    {
        using var stream = typeof(ChartFont).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"{ResourceName} is not embedded");
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException($"{ResourceName} is not a font");
    }

    // Whatever face a plot asks for, it gets the shipped one.
    private sealed class ShippedFace : IFontResolver
    {
        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) => Face;

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => Face;
    }
}
