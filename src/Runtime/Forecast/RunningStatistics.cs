namespace TaalasSim.Runtime.Forecast;

/// <summary>Mean and population standard deviation of all points seen so far.</summary>
/// <param name="Count">Points.</param>
/// <param name="Mean">μ; 0 without points.</param>
/// <param name="Deviation">σ; 0 without points.</param>
public readonly record struct RunningStatistics(long Count, double Mean, double Deviation)
{
    /// <summary>Below this σ a patch is only centred, not scaled.</summary>
    public const double LeastDeviation = 1e-6;

    /// <summary>What a centred value is divided by.</summary>
    public double Divisor => Deviation < LeastDeviation ? 1 : Deviation;

    /// <summary>The statistics after one more patch.</summary>
    /// <param name="values">Points.</param>
    /// <param name="masked">Points that do not count.</param>
    public RunningStatistics With(ReadOnlySpan<double> values, ReadOnlySpan<bool> masked)
    {
        long added = 0;
        double sum = 0;
        for (var i = 0; i < values.Length; i++)
            if (!masked[i])
            {
                added++;
                sum += values[i];
            }

        if (added == 0)
            return this;
        double mean = sum / added,
            squares = 0;
        for (var i = 0; i < values.Length; i++)
            if (!masked[i])
                squares += (values[i] - mean) * (values[i] - mean);

        var count = Count + added;
        var all = ((Count * Mean) + (added * mean)) / count;
        var variance =
            ((Count * Deviation * Deviation) + squares + (Count * (Mean - all) * (Mean - all)) + (added * (mean - all) * (mean - all)))
            / count;
        return new RunningStatistics(count, all, Math.Sqrt(Math.Max(variance, 0)));
    }
}
