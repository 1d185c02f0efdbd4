namespace TaalasSim.Runtime.Forecast;

/// <summary>How far a forecast was from what then came. Missing values are not counted.</summary>
/// <param name="MeanAbsoluteError">Mean of |y − f|, in units of the series.</param>
/// <param name="RootMeanSquareError">Root of the mean of (y − f)², in units of the series.</param>
/// <param name="MeanAbsoluteScaledError">Mean absolute error over that of the seasonal naive forecast one season ahead within the known
/// part (R. J. Hyndman and A. B. Koehler, International Journal of Forecasting 22, 2006); null where that is zero or has no pair.</param>
/// <param name="QuantileLoss">Mean over points and quantiles of 2·max(q·(y − f), (q − 1)·(y − f)), in units of the series. For a
/// forecast of one value it is the mean absolute error, so the two compare.</param>
/// <param name="InsideShare">Share of the points between the quantiles 0.1 and 0.9 (0.8 is right); null for a forecast without
/// quantiles.</param>
public sealed record ForecastScore(
    double MeanAbsoluteError,
    double RootMeanSquareError,
    double? MeanAbsoluteScaledError,
    double QuantileLoss,
    double? InsideShare
)
{
    private const int Levels = 9;

    /// <summary>Scores a forecast of single values.</summary>
    /// <param name="actual">What came; NaN where it is missing. At least one value is known.</param>
    /// <param name="forecast">Forecasts, as many.</param>
    /// <param name="known">The series before.</param>
    /// <param name="season">Points of a season, at least 1.</param>
    public static ForecastScore OfValues(double[] actual, IReadOnlyList<double> forecast, double[] known, int season)
    {
        var errors = Enumerable.Range(0, actual.Length).Where(i => !double.IsNaN(actual[i])).Select(i => actual[i] - forecast[i]).ToArray();
        var absolute = errors.Average(Math.Abs);
        return new ForecastScore(absolute, Math.Sqrt(errors.Average(e => e * e)), Scaled(absolute, known, season), absolute, null);
    }

    /// <summary>Scores a forecast with quantiles; its median is the point forecast.</summary>
    /// <param name="actual">What came; NaN where it is missing. At least one value is known.</param>
    /// <param name="forecast">Forecasts, as many.</param>
    /// <param name="known">The series before.</param>
    /// <param name="season">Points of a season, at least 1.</param>
    public static ForecastScore OfQuantiles(double[] actual, SeriesForecast forecast, double[] known, int season)
    {
        var rows = forecast.Quantiles[forecast.BackcastPoints..];
        var points = Enumerable.Range(0, actual.Length).Where(i => !double.IsNaN(actual[i])).ToArray();
        double Loss(double error, int level) => 2 * Math.Max(level / 10.0 * error, (level / 10.0 - 1) * error);
        return OfValues(actual, [.. rows.Select(row => row[(Levels + 1) / 2])], known, season) with
        {
            QuantileLoss = points.Average(i => Enumerable.Range(1, Levels).Average(q => Loss(actual[i] - rows[i][q], q))),
            InsideShare = points.Average(i => actual[i] >= rows[i][1] && actual[i] <= rows[i][Levels] ? 1.0 : 0),
        };
    }

    private static double? Scaled(double error, double[] known, int season)
    {
        var steps = Enumerable
            .Range(season, Math.Max(0, known.Length - season))
            .Select(i => Math.Abs(known[i] - known[i - season]))
            .Where(d => !double.IsNaN(d))
            .ToArray();
        return steps.Length > 0 && steps.Average() > 0 ? error / steps.Average() : null;
    }
}
