using TaalasSim.Compiler.TimesFm;

namespace TaalasSim.Runtime.Forecast;

/// <summary>How a forecast is made; names and defaults are those of the published code's ForecastConfig.</summary>
public sealed record ForecastConfig
{
    /// <summary>Points of context, rounded up to whole input patches; shorter series are padded at the front. 0: the series as it
    /// is.</summary>
    public int MaxContext { get; init; }

    /// <summary>Points that are always decoded, rounded up to whole output patches.</summary>
    public int MaxHorizon { get; init; }

    /// <summary>Normalises the padded context by its own mean and sample standard deviation.</summary>
    public bool NormalizeInputs { get; init; }

    /// <summary>Accepted and without effect: series do not depend on each other.</summary>
    public int PerCoreBatchSize { get; init; } = 1;

    /// <summary>Takes the distances of the quantiles from the quantile head.</summary>
    public bool UseContinuousQuantileHead { get; init; }

    /// <summary>Also forecasts the negated series, so that f(−x) = −f(x).</summary>
    public bool ForceFlipInvariance { get; init; } = true;

    /// <summary>Forecasts nothing negative for a series without negative points.</summary>
    public bool InferIsPositive { get; init; } = true;

    /// <summary>Makes quantiles rise from 0.1 to 0.9.</summary>
    public bool FixQuantileCrossing { get; init; }

    /// <summary>Puts the model's view of the context before the forecast.</summary>
    public bool ReturnBackcast { get; init; }

    /// <summary>What suits a series without further words: all of it that the model holds, normalised, with rising quantiles, and the
    /// quantile head where it reaches far enough.</summary>
    /// <param name="sizes">Sizes of the model.</param>
    /// <param name="points">Points of the series.</param>
    /// <param name="horizon">Points to forecast.</param>
    public static ForecastConfig For(TimesFmSizes sizes, int points, int horizon)
    {
        var decoded = (horizon + (long)sizes.OutputPatch - 1) / sizes.OutputPatch * sizes.OutputPatch;
        var room = Math.Max(1, (sizes.ContextLimit - decoded) / sizes.Patch) * sizes.Patch;
        return new ForecastConfig
        {
            MaxContext = (int)Math.Min(points, room),
            MaxHorizon = horizon,
            NormalizeInputs = true,
            UseContinuousQuantileHead = decoded <= sizes.QuantileHorizon,
            FixQuantileCrossing = true,
        };
    }
}
