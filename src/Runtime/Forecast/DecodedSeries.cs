using TaalasSim.Compiler.TimesFm;

namespace TaalasSim.Runtime.Forecast;

/// <summary>What the decoder gives for one series, every point with its ten figures, in the units of the series.</summary>
/// <param name="Backcast">First points of the outputs of all patches but the last; empty when it was not asked for.</param>
/// <param name="Forecast">Points of the horizon.</param>
/// <param name="Spread">Points of the quantile head; empty when it was not asked for.</param>
internal sealed record DecodedSeries(double[] Backcast, double[] Forecast, double[] Spread)
{
    /// <summary>(f(x) − flip(f(−x))) / 2: the quantiles of a negated series are those of the series in reverse order.</summary>
    /// <param name="negated">What the decoder gives for the negated series.</param>
    public DecodedSeries WithNegated(DecodedSeries negated) =>
        new(Half(Backcast, negated.Backcast), Half(Forecast, negated.Forecast), Half(Spread, negated.Spread));

    private static double[] Half(double[] given, double[] negated)
    {
        var result = new double[given.Length];
        for (var i = 0; i < given.Length; i++)
        {
            var column = i % TimesFmSizes.Columns;
            var mirrored = column == 0 ? i : i - column + TimesFmSizes.Columns - column;
            result[i] = (given[i] - negated[mirrored]) / 2;
        }

        return result;
    }
}
