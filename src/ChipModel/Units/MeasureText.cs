namespace TaalasSim.ChipModel.Units;

/// <summary>Figures with their units for people. Energies and times take SI prefixes, counts have no fraction, everything else has three
/// significant digits.</summary>
public static class MeasureText
{
    private static readonly (double Scale, string Prefix)[] Prefixes = [(1, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"), (1e-12, "p")];

    /// <summary>A unit as people write it; empty for a plain number.</summary>
    /// <param name="unit">Unit as in machine-readable output, e.g. <c>tok/s</c> or <c>mm2</c>.</param>
    public static string Unit(string unit) =>
        unit switch
        {
            "tok/s" => "tokens/s",
            "mm2" => "mm²",
            "us" => "µs",
            "C" => "°C",
            "USD/Mtok" => "USD",
            "fraction" or "1" => "",
            _ => unit,
        };

    /// <summary>Whether the unit counts things, so that only whole numbers make sense.</summary>
    public static bool IsCount(string unit) => unit is "users" or "sites" or "tokens" or "dies" or "cards" or "slots" or "cycles";

    /// <summary>A value with its unit, e.g. <c>13.2 mJ</c>, <c>985 users</c>, <c>17,000 tokens/s</c>.</summary>
    public static string Of(double value, string unit)
    {
        if (unit is "B" or "bytes")
            return NumberText.Si(value, "B");
        var (scale, name) = Scale(unit, value);
        var number = Number(value / scale, unit);
        return $"{number} {(IsCount(unit) && number == "1" ? name.TrimEnd('s') : name)}".TrimEnd();
    }

    /// <summary>A figure with its interval and unit, e.g. <c>13.2 (12.1 – 15.8) mJ</c>; without the interval when it is exact.</summary>
    public static string Of(UncertaintyRange figure, string unit)
    {
        var (scale, name) = Scale(unit, figure.Value);
        var value = Number(figure.Value / scale, unit);
        return figure.Low == figure.Value && figure.High == figure.Value
            ? $"{value} {name}".TrimEnd()
            : $"{value} ({Number(figure.Low / scale, unit)} – {Number(figure.High / scale, unit)}) {name}".TrimEnd();
    }

    /// <summary>A scaled value without its unit.</summary>
    public static string Number(double value, string unit) =>
        IsCount(unit) && double.IsFinite(value) ? NumberText.Count((long)Math.Round(value)) : NumberText.Significant(value);

    /// <summary>The scale that brings the smallest of some values of one unit above one, and the unit's name at that scale.</summary>
    /// <param name="unit">Unit as in machine-readable output.</param>
    /// <param name="values">Values that share a row of a table.</param>
    public static (double Scale, string Unit) Scale(string unit, params ReadOnlySpan<double> values)
    {
        var smallest = double.PositiveInfinity;
        foreach (var value in values)
            if (value != 0 && double.IsFinite(value))
                smallest = Math.Min(smallest, Math.Abs(value));
        if (unit is not ("J" or "s") || double.IsInfinity(smallest))
            return (1, Unit(unit));
        foreach (var (scale, prefix) in Prefixes)
            if (smallest >= scale * 0.9995 || scale == 1e-12)
                return (scale, prefix + unit);
        return (1, unit);
    }
}
