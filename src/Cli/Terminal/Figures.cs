using System.Globalization;
using TaalasSim.ChipModel.Quantities;

namespace TaalasSim.Cli.Terminal;

/// <summary>Numbers for people: three significant digits and an SI prefix, in the invariant culture.</summary>
public static class Figures
{
    private static readonly (double Scale, string Prefix)[] Prefixes =
        [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"), (1e-12, "p")];

    /// <summary>E.g. <c>16.9 k</c> plus the unit.</summary>
    public static string Si(double value, string unit)
    {
        if (value == 0 || !double.IsFinite(value))
            return $"{value.ToString(CultureInfo.InvariantCulture)} {unit}".TrimEnd();
        foreach (var (scale, prefix) in Prefixes)
            if (Math.Abs(value) >= scale * 0.9995 || scale == 1e-12)
                return $"{Significant(value / scale)} {prefix}{unit}".TrimEnd();
        return "";
    }

    /// <summary>Three significant digits without exponent, thousands parted by commas.</summary>
    public static string Significant(double value)
    {
        if (value == 0 || !double.IsFinite(value))
            return value.ToString(CultureInfo.InvariantCulture);
        var digits = Math.Max(0, 2 - (int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-9));
        return value.ToString($"N{Math.Min(digits, 12)}", CultureInfo.InvariantCulture);
    }

    /// <summary>E.g. <c>16,960 (14,100 – 19,800)</c>.</summary>
    public static string Range(Interval figure) => $"{Significant(figure.Value)} ({Significant(figure.Low)} – {Significant(figure.High)})";

    /// <summary>A count with thousands parted by commas.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Bytes in decimal units.</summary>
    public static string Bytes(double value) => Si(value, "B");
}
