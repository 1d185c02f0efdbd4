namespace TaalasSim.Runtime.Forecast;

/// <summary>Forecasts without a model, which a model has to beat.</summary>
public static class NaiveForecast
{
    /// <summary>The last known value of the same phase of the season, for every point to come.</summary>
    /// <param name="series">The series, the oldest value first; NaN where one is missing. At least one value is known.</param>
    /// <param name="horizon">Points to forecast, at least 1.</param>
    /// <param name="season">Points of a season, at least 1; 1 repeats the last known value.</param>
    /// <returns>[horizon]; where a phase has no known value, the last known value of the series.</returns>
    /// <remarks>R. J. Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, section 5.2.</remarks>
    public static double[] Of(ReadOnlySpan<double> series, int horizon, int season)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(season, 1);
        var last = Known(series, series.Length - 1, 1);
        var forecast = new double[horizon];
        for (var h = 0; h < horizon; h++)
        {
            var value = Known(series, series.Length + h - ((h / season) + 1) * season, season);
            forecast[h] = double.IsNaN(value) ? last : value;
        }

        return forecast;
    }

    // The first known value at this index or whole seasons before it; NaN if there is none.
    private static double Known(ReadOnlySpan<double> series, int index, int season)
    {
        for (var i = index; i >= 0; i -= season)
            if (!double.IsNaN(series[i]))
                return series[i];
        return double.NaN;
    }
}
