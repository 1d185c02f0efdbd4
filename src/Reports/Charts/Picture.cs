using System.Globalization;
using System.Text.RegularExpressions;
using ScottPlot;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;

namespace TaalasSim.Reports.Charts;

/// <summary>A finished chart with its size, its file name and the words that stand for it where it cannot be seen.</summary>
public sealed partial class Picture : IDisposable
{
    /// <summary>Pixels of the PNG per unit of length and font size: sharp on dense screens and on paper.</summary>
    public const int Scale = 2;

    /// <summary>A finished chart.</summary>
    /// <param name="name">File name without extension.</param>
    /// <param name="description">What it shows, in one sentence.</param>
    /// <param name="plot">The plot.</param>
    /// <param name="width">Width on a page.</param>
    /// <param name="height">Height on a page.</param>
    public Picture(string name, string description, Plot plot, int width, int height)
    {
        (Name, Description, Plot, Width, Height) = (name, description, plot, width, height);
        plot.ScaleFactor = Scale;
    }

    /// <summary>File name without extension.</summary>
    public string Name { get; }

    /// <summary>What the picture shows, in one sentence; the <c>alt</c> text of pages.</summary>
    public string Description { get; }

    /// <summary>The plot.</summary>
    public Plot Plot { get; }

    /// <summary>Width on a page; the PNG has <see cref="Scale"/> times as many pixels.</summary>
    public int Width { get; }

    /// <inheritdoc cref="Width"/>
    public int Height { get; }

    /// <summary>PNG file; the same bytes for the same data on one version of the libraries.</summary>
    public byte[] Png() => Plot.GetImageBytes(Width * Scale, Height * Scale, ImageFormat.Png);

    /// <summary>SVG file with clip paths numbered from 0, since Skia numbers them through the life of the process.</summary>
    public string Svg()
    {
        var numbers = new Dictionary<string, string>(StringComparer.Ordinal);
        return ClipName()
            .Replace(XmlText.Allowed(Plot.GetSvgXml(Width * Scale, Height * Scale)), match =>
            {
                if (!numbers.TryGetValue(match.Value, out var name))
                    numbers[match.Value] = name = "cl_" + numbers.Count.ToString(CultureInfo.InvariantCulture);
                return name;
            });
    }

    /// <summary>Writes <c>NAME.png</c> and <c>NAME.svg</c> into a folder.</summary>
    /// <returns>The two paths.</returns>
    public IReadOnlyList<string> Save(string folder)
    {
        var png = Path.Combine(folder, Name + ".png");
        var svg = Path.Combine(folder, Name + ".svg");
        using var set = new OutputSet();
        set.Add(png, stream => stream.Write(Png()));
        set.Add(svg, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(Svg())));
        set.Commit();
        return [png, svg];
    }

    /// <summary>Whether a file name ends in <c>.png</c> or <c>.svg</c>.</summary>
    public static bool IsPictureName(string path) => Path.GetExtension(path).ToUpperInvariant() is ".PNG" or ".SVG";

    /// <summary>Writes one file; its ending says whether as PNG or SVG.</summary>
    /// <exception cref="InputException">Another ending, or the file cannot be written.</exception>
    public void SaveAs(string path)
    {
        if (!IsPictureName(path))
            throw new InputException($"{path}: name a .png or .svg file");
        try
        {
            if (Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase))
                AtomicFile.Write(path, stream => stream.Write(Png()));
            else
                AtomicFile.WriteText(path, Svg());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be written: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Plot.Dispose();

    [GeneratedRegex("cl_[0-9a-f]+", RegexOptions.CultureInvariant)]
    private static partial Regex ClipName();
}
