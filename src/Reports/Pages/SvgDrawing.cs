using System.Globalization;

namespace TaalasSim.Reports.Pages;

/// <summary>Shapes of a drawing inside the page; colours come from the style sheet by class, so that they follow light and dark.</summary>
/// <param name="html">Page.</param>
internal readonly struct SvgDrawing(HtmlWriter html)
{
    /// <summary>A straight line.</summary>
    public void Line(double x1, double y1, double x2, double y2, string style) =>
        html.Void("line", ("x1", N(x1)), ("y1", N(y1)), ("x2", N(x2)), ("y2", N(y2)), ("class", style));

    /// <summary>A disc.</summary>
    public void Circle(double x, double y, double radius, string style) =>
        html.Void("circle", ("cx", N(x)), ("cy", N(y)), ("r", N(radius)), ("class", style));

    /// <summary>A rectangle.</summary>
    public void Rectangle(double x, double y, double width, double height, string style) =>
        html.Void("rect", ("x", N(x)), ("y", N(y)), ("width", N(Math.Max(0, width))), ("height", N(Math.Max(0, height))), ("class", style));

    /// <summary>A line of text.</summary>
    /// <param name="x">Where it starts, ends or has its middle.</param>
    /// <param name="y">Base line.</param>
    /// <param name="text">Text.</param>
    /// <param name="anchor"><c>start</c>, <c>middle</c> or <c>end</c>.</param>
    /// <param name="style">Class.</param>
    /// <param name="turn">Degrees clockwise about the place.</param>
    public void Text(double x, double y, string text, string anchor, string style = "", int turn = 0) =>
        html.Element(
            "text",
            text,
            [
                ("x", N(x)),
                ("y", N(y)),
                ("text-anchor", anchor),
                .. style.Length > 0 ? [("class", style)] : Array.Empty<(string, string)>(),
                .. turn != 0 ? [("transform", $"rotate({turn} {N(x)} {N(y)})")] : Array.Empty<(string, string)>(),
            ]
        );

    /// <summary>A number with at most two digits behind the point.</summary>
    public static string N(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
