using System.Globalization;
using ScottPlot;

namespace TaalasSim.Reports.Charts;

/// <summary>A bar of round length with its label, for pictures of a die or a part of it.</summary>
internal static class ScaleBar
{
    /// <summary>Draws the bar with its left end at a place.</summary>
    /// <param name="plot">Plot whose coordinates are micrometres.</param>
    /// <param name="x">Left end, µm.</param>
    /// <param name="y">Height, µm.</param>
    /// <param name="room">Most length, µm.</param>
    public static void Draw(Plot plot, double x, double y, double room)
    {
        var length = Length(room);
        ChartStyle.Line(plot, x, y, x + length, y, ChartColors.Ink, 3);
        ChartStyle.Text(plot, Text(length), x + length, y, Alignment.MiddleLeft, ChartColors.Ink, offsetX: 8);
    }

    /// <summary>The largest 1, 2 or 5 times a power of ten that is not above.</summary>
    public static double Length(double room)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(room)));
        return room / power >= 5 ? 5 * power
            : room / power >= 2 ? 2 * power
            : power;
    }

    private static string Text(double micrometres) =>
        micrometres switch
        {
            >= 1000 => string.Create(CultureInfo.InvariantCulture, $"{micrometres / 1000:0.#} mm"),
            >= 1 => string.Create(CultureInfo.InvariantCulture, $"{micrometres:0.#} µm"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{micrometres * 1000:0} nm"),
        };
}
