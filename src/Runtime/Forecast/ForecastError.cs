namespace TaalasSim.Runtime.Forecast;

/// <summary>How far forecasts are from those of another model, in standard deviations of the other's figures.</summary>
/// <param name="Largest">Largest difference.</param>
/// <param name="RootMeanSquare">Root of the mean squared difference.</param>
public readonly record struct ForecastError(double Largest, double RootMeanSquare)
{
    /// <summary>Compares the figures of the same series; of several series the largest errors count.</summary>
    /// <param name="given">Forecasts.</param>
    /// <param name="baseline">Those that they are compared with.</param>
    public static ForecastError Of(IReadOnlyList<SeriesForecast> given, IReadOnlyList<SeriesForecast> baseline)
    {
        var errors = given.Zip(baseline, Of).ToList();
        return new ForecastError(errors.Max(e => e.Largest), errors.Max(e => e.RootMeanSquare));
    }

    private static ForecastError Of(SeriesForecast given, SeriesForecast baseline)
    {
        double[] expected = [.. baseline.Quantiles.SelectMany(row => row)];
        double[] differences = [.. given.Quantiles.SelectMany(row => row).Zip(expected, (x, y) => x - y)];
        var mean = expected.Average();
        var deviation = Math.Sqrt(expected.Average(x => (x - mean) * (x - mean)));
        var most = expected.Max(Math.Abs);
        // A constant forecast has no deviation; its largest value is the measure.
        var measure = deviation > 1e-6 * most ? deviation : Math.Max(1, most);
        return new ForecastError(differences.Max(Math.Abs) / measure, Math.Sqrt(differences.Average(d => d * d)) / measure);
    }
}
