namespace TaalasSim.Runtime.Forecast;

/// <summary>A series whose end is held out, so that a forecast of it can be scored.</summary>
/// <param name="Known">What the model sees.</param>
/// <param name="HeldOut">What came then; NaN where it is missing.</param>
/// <param name="Season">Points of a season; 1 for none.</param>
public sealed record Backtest(TimeSeries Known, double[] HeldOut, int Season)
{
    /// <summary>Holds out the end of a series.</summary>
    /// <param name="series">The series.</param>
    /// <param name="points">Points to hold out, at least 1.</param>
    /// <param name="season">Points of a season, at least 1.</param>
    /// <returns>The two parts, or what is wrong in words.</returns>
    public static (Backtest? Backtest, string? Fault) Of(TimeSeries series, int points, int season)
    {
        var rest = series.Values.Length - points;
        if (rest < 1)
            return (null, $"the series has {series.Values.Length} points, so {points} cannot be held out; hold out fewer");
        var test = new Backtest(new TimeSeries(series.Values[..rest], series.Masked?[..rest]), series.Values[rest..], season);
        return Array.TrueForAll(test.HeldOut, double.IsNaN)
                ? (null, $"the last {points} points are missing values, so nothing can be scored")
            : Array.TrueForAll(test.Known.Values, double.IsNaN) ? (null, $"the points before the last {points} are missing values")
            : season > rest ? (null, $"a season of {season} points is longer than the {rest} points before those held out")
            : (test, null);
    }

    /// <summary>Scores the model's forecast and those of no model; the seasonal one with a season above 1.</summary>
    /// <param name="model">The model's forecast of <see cref="HeldOut"/>.</param>
    public IReadOnlyList<(string Forecast, ForecastScore Score)> Scores(SeriesForecast model)
    {
        ForecastScore Naive(int season) =>
            ForecastScore.OfValues(HeldOut, NaiveForecast.Of(Known.Values, HeldOut.Length, season), Known.Values, Season);
        var scores = new List<(string, ForecastScore)>
        {
            ("model", ForecastScore.OfQuantiles(HeldOut, model, Known.Values, Season)),
            ("naive", Naive(1)),
        };
        if (Season > 1)
            scores.Add(("seasonal naive", Naive(Season)));
        return scores;
    }
}
