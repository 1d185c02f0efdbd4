using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.TimesFm;

namespace TaalasSim.Runtime.Forecast;

/// <summary>Points of context and horizon that a configuration asks of a model, in whole patches.</summary>
/// <param name="Context">Points of context; 0: those of the series.</param>
/// <param name="Horizon">Points that are decoded.</param>
public readonly record struct ForecastWindow(int Context, int Horizon)
{
    /// <summary>Rounds and checks the lengths of a forecast.</summary>
    /// <exception cref="InputException">The model cannot forecast that much, or the configuration forbids it.</exception>
    public static ForecastWindow Of(TimesFmSizes sizes, ForecastConfig config, int horizon)
    {
        var window = new ForecastWindow(Rounded(config.MaxContext, sizes.Patch), Rounded(config.MaxHorizon, sizes.OutputPatch));
        if (horizon < 1)
            throw new InputException($"horizon {horizon}: forecast at least one point");
        if (horizon > window.Horizon)
            throw new InputException(
                $"horizon {horizon} is longer than max_horizon {config.MaxHorizon} "
                    + $"({window.Horizon} in whole output patches); raise max_horizon"
            );
        window.CheckLimit(sizes, window.Context);
        return config.UseContinuousQuantileHead && window.Horizon > sizes.QuantileHorizon
            ? throw new InputException(
                $"max_horizon {window.Horizon} is longer than the quantile head's {sizes.QuantileHorizon} points; "
                    + "shorten it, or set use_continuous_quantile_head to false"
            )
            : window;
    }

    /// <summary>The context of a series: the last points, or the whole series behind masked zeros.</summary>
    /// <param name="sizes">Sizes of the model.</param>
    /// <param name="series">Series without missing values.</param>
    /// <exception cref="InputException">A series that is taken as it is has another length than whole patches, or is too long.</exception>
    public (double[] Values, bool[] Masked) Cut(TimesFmSizes sizes, TimeSeries series)
    {
        var length = series.Values.Length;
        if (Context == 0 && length % sizes.Patch != 0)
            throw new InputException(
                $"max_context is 0, so the series is taken as it is: its {length} points are no "
                    + $"multiple of the patch of {sizes.Patch}; set max_context"
            );
        if (Context == 0)
            CheckLimit(sizes, length);
        var context = Context == 0 ? length : Context;
        var (values, masked) = (new double[context], new bool[context]);
        var taken = Math.Min(context, length);
        Array.Fill(masked, true, 0, context - taken);
        series.Values.AsSpan(length - taken).CopyTo(values.AsSpan(context - taken));
        series.Masked?.AsSpan(length - taken).CopyTo(masked.AsSpan(context - taken));
        return (values, masked);
    }

    private static int Rounded(int points, int patch) => (int)Math.Min(int.MaxValue, (points + patch - 1L) / patch * patch);

    private void CheckLimit(TimesFmSizes sizes, int context)
    {
        if ((long)context + Horizon > sizes.ContextLimit)
            throw new InputException(
                $"context {context} and horizon {Horizon} are {(long)context + Horizon} points, "
                    + $"the model holds {sizes.ContextLimit}; shorten max_context or max_horizon"
            );
    }
}
