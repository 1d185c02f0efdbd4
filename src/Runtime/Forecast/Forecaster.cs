using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.TimesFm;

namespace TaalasSim.Runtime.Forecast;

/// <summary>Forecasts series with a model.</summary>
/// <param name="model">Model; stays the caller's.</param>
public sealed class Forecaster(PatchModel model)
{
    private const int Columns = TimesFmSizes.Columns;
    private const int Median = TimesFmSizes.MedianColumn;

    private readonly PatchDecoder _decoder = new(model);

    /// <summary>Forecasts every series of a request.</summary>
    /// <exception cref="InputException">The model cannot forecast that much, or a series does not suit the configuration.</exception>
    public IReadOnlyList<SeriesForecast> Run(ForecastRequest request, CancellationToken cancel = default) =>
        [.. request.Series.Select(series => Run(series, request.Horizon, request.Config, cancel))];

    /// <summary>Forecasts one series.</summary>
    /// <param name="series">Series.</param>
    /// <param name="horizon">Points to forecast.</param>
    /// <param name="config">How.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="InputException">The model cannot forecast that much, or the series does not suit the configuration.</exception>
    public SeriesForecast Run(TimeSeries series, int horizon, ForecastConfig config, CancellationToken cancel = default)
    {
        if (series.Fault() is { } fault)
            throw new InputException(fault);
        var window = ForecastWindow.Of(model.Sizes, config, horizon);
        var (values, masked) = window.Cut(model.Sizes, series.Filled());
        var positive = config.InferIsPositive && values.All(v => v >= 0);
        var (mean, deviation) = config.NormalizeInputs ? MeanAndDeviation(values) : (0, 1);
        var divisor = deviation < RunningStatistics.LeastDeviation ? 1 : deviation;
        if (config.NormalizeInputs)
            values = [.. values.Select(v => (v - mean) / divisor)];

        var decoded = Decode(values, masked, window, config, cancel);
        if (config.UseContinuousQuantileHead)
            TakeSpread(decoded, window.Horizon);
        double[] rows = [.. decoded.Backcast, .. decoded.Forecast.AsSpan(0, horizon * Columns)];
        if (config.FixQuantileCrossing)
            FixCrossing(rows);
        for (var i = 0; i < rows.Length; i++)
        {
            if (config.NormalizeInputs)
                rows[i] = (rows[i] * deviation) + mean;
            if (positive)
                rows[i] = Math.Max(0, rows[i]);
        }

        return new SeriesForecast([.. rows.Chunk(Columns)], decoded.Backcast.Length / Columns, masked.Count(hidden => !hidden));
    }

    private DecodedSeries Decode(double[] values, bool[] masked, ForecastWindow window, ForecastConfig config, CancellationToken cancel)
    {
        DecodedSeries Of(double[] given) =>
            _decoder.Decode(given, masked, window.Horizon, config.ReturnBackcast, config.UseContinuousQuantileHead, cancel);
        var decoded = Of(values);
        return config.ForceFlipInvariance ? decoded.WithNegated(Of([.. values.Select(v => -v)])) : decoded;
    }

    // Over the whole context, padding included, with N − 1 in the denominator: as the published code does it.
    private static (double Mean, double Deviation) MeanAndDeviation(double[] values)
    {
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / Math.Max(1, values.Length - 1)));
    }

    // Distances from the median come from the quantile head, the median from the decoder.
    private static void TakeSpread(DecodedSeries decoded, int horizon)
    {
        for (var at = 0; at < horizon * Columns; at += Columns)
        for (var j = 1; j < Columns; j++)
            if (j != Median)
                decoded.Forecast[at + j] = decoded.Spread[at + j] - decoded.Spread[at + Median] + decoded.Forecast[at + Median];
    }

    // From the median outwards no quantile passes the one before it.
    private static void FixCrossing(double[] rows)
    {
        for (var at = 0; at < rows.Length; at += Columns)
        {
            for (var j = Median - 1; j >= 1; j--)
                rows[at + j] = Math.Min(rows[at + j], rows[at + j + 1]);
            for (var j = Median + 1; j < Columns; j++)
                rows[at + j] = Math.Max(rows[at + j], rows[at + j - 1]);
        }
    }
}
