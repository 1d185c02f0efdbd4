using TaalasSim.Compiler.TimesFm;

namespace TaalasSim.Runtime.Forecast;

/// <summary>The forecast of one series.</summary>
/// <param name="Quantiles">[points]: mean, then the quantiles 0.1 to 0.9.</param>
/// <param name="BackcastPoints">Points of the context before the first forecast one; 0 when they were not asked for.</param>
/// <param name="ContextPoints">Points of the series that the model saw.</param>
public sealed record SeriesForecast(double[][] Quantiles, int BackcastPoints, int ContextPoints)
{
    /// <summary>The point forecast: the median.</summary>
    public IReadOnlyList<double> Point => [.. Quantiles.Select(q => q[TimesFmSizes.MedianColumn])];

    /// <summary>Whether every figure is finite.</summary>
    public bool IsFinite => Quantiles.All(row => Array.TrueForAll(row, double.IsFinite));
}
