using System.Globalization;

namespace TaalasSim.Runtime.Forecast;

/// <summary>A series of numbers at equal distances in time.</summary>
/// <param name="Values">Values, the oldest first; NaN where one is missing.</param>
/// <param name="Masked">Whether each point is hidden from the model; null for none.</param>
public sealed record TimeSeries(double[] Values, bool[]? Masked = null)
{
    /// <summary>Largest magnitude: the model computes in binary32.</summary>
    public const double Largest = float.MaxValue;

    /// <summary>What no model can forecast, in words; null for nothing.</summary>
    public string? Fault()
    {
        if (Values.Length == 0)
            return "the series is empty; give at least one value";
        if (Masked is not null && Masked.Length != Values.Length)
            return $"the mask has {Masked.Length} values, the series {Values.Length}; give one for each";
        var at = Array.FindIndex(Values, v => double.IsInfinity(v) || Math.Abs(v) > Largest);
        return at < 0
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"value {at + 1} is outside ±{Largest:0.##e+0}, what a 32-bit float holds");
    }

    /// <summary>The series without missing values: leading ones are dropped, inner ones lie on the line between their neighbours, those at
    /// the end repeat the last value. A series of missing values only is one of zeros.</summary>
    public TimeSeries Filled()
    {
        var first = Array.FindIndex(Values, v => !double.IsNaN(v));
        if (first < 0)
            return this with { Values = new double[Values.Length] };
        var values = Values[first..];
        var known = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (double.IsNaN(values[i]))
                continue;
            for (var gap = known + 1; gap < i; gap++)
                values[gap] = values[known] + ((values[i] - values[known]) * (gap - known) / (i - known));
            known = i;
        }

        Array.Fill(values, values[known], known + 1, values.Length - known - 1);
        return new TimeSeries(values, Masked?[first..]);
    }
}
