using ScottPlot;

namespace TaalasSim.Reports.Charts;

/// <summary>Colours that people with any colour vision tell apart: M. Okabe and K. Ito, "Color Universal Design", 2008.</summary>
internal static class ChartColors
{
    public static readonly Color Ink = Color.FromHex("#222222");
    public static readonly Color Muted = Color.FromHex("#666666");
    public static readonly Color Grid = Color.FromHex("#DDDDDD");
    public static readonly Color Blue = Color.FromHex("#0072B2");
    public static readonly Color Orange = Color.FromHex("#E69F00");
    public static readonly Color Green = Color.FromHex("#009E73");
    public static readonly Color Vermilion = Color.FromHex("#D55E00");
    public static readonly Color Purple = Color.FromHex("#CC79A7");
    public static readonly Color Sky = Color.FromHex("#56B4E9");
    public static readonly Color Yellow = Color.FromHex("#F0E442");
    public static readonly Color Grey = Color.FromHex("#999999");

    private static readonly Color[] Order = [Blue, Vermilion, Green, Purple, Orange, Sky, Grey, Yellow];

    /// <summary>Colour of the i-th series; repeats after eight, where the marker's shape must tell.</summary>
    public static Color Series(int index) => Order[index % Order.Length];

    /// <summary>Black or white, whichever reads better on a fill (relative luminance of WCAG 2.1).</summary>
    public static Color TextOn(Color fill)
    {
        var luminance = (0.2126 * Linear(fill.R)) + (0.7152 * Linear(fill.G)) + (0.0722 * Linear(fill.B));
        return luminance > 0.3 ? Ink : Colors.White;
    }

    private static double Linear(byte channel)
    {
        var c = channel / 255.0;
        return c <= 0.03928 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
    }
}
