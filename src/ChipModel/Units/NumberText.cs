using System.Globalization;

namespace TaalasSim.ChipModel.Units;

/// <summary>Numbers for people: three significant digits, SI prefixes, thousands parted by commas, the same in any culture.</summary>
public static class NumberText
{
    private static readonly (double Scale, string Prefix)[] Prefixes =
    [
        (1e12, "T"),
        (1e9, "G"),
        (1e6, "M"),
        (1e3, "k"),
        (1, ""),
        (1e-3, "m"),
        (1e-6, "µ"),
        (1e-9, "n"),
        (1e-12, "p"),
    ];

    /// <summary>With an SI prefix, e.g. <c>1.84 µs</c>.</summary>
    public static string Si(double value, string unit)
    {
        if (value == 0 || !double.IsFinite(value))
            return $"{Plain(value)} {unit}".TrimEnd();
        foreach (var (scale, prefix) in Prefixes)
            if (Math.Abs(value) >= scale * 0.9995 || scale == 1e-12)
                return $"{Significant(value / scale)} {prefix}{unit}".TrimEnd();
        return "";
    }

    /// <summary>Three significant digits without exponent, e.g. <c>16,900</c> or <c>0.0184</c>.</summary>
    public static string Significant(double value)
    {
        if (value == 0 || !double.IsFinite(value))
            return Plain(value);
        var digits = 2 - (int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-9);
        if (digits >= 0)
            return value.ToString($"N{Math.Min(digits, 12)}", CultureInfo.InvariantCulture);
        var unit = Math.Pow(10, -digits);
        return (Math.Round(value / unit, MidpointRounding.AwayFromZero) * unit).ToString("N0", CultureInfo.InvariantCulture);
    }

    /// <summary>A figure and its interval, e.g. <c>16,900 (14,100 – 19,800)</c>; the figure alone when it is exact.</summary>
    public static string Range(UncertaintyRange figure) =>
        figure.Low == figure.Value && figure.High == figure.Value
            ? Significant(figure.Value)
            : $"{Significant(figure.Value)} ({Significant(figure.Low)} – {Significant(figure.High)})";

    /// <summary>A count with thousands parted by commas.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number of things: <c>1 month</c>, <c>6 months</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="noun">One of them; its plural ends in s.</param>
    public static string Counted(int count, string noun) => FormattableString.Invariant($"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string Plain(double value) =>
        double.IsNaN(value) ? "unknown"
        : double.IsInfinity(value) ? "unbounded"
        : value.ToString(CultureInfo.InvariantCulture);
}
