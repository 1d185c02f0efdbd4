using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Traces;

namespace TaalasSim.Reports.Advice;

/// <summary>What an answer must hold; infinite where nothing is asked.</summary>
public sealed record AdviceLimits
{
    /// <summary>99th percentile of the time to the first token, ms.</summary>
    public double FirstTokenMs { get; init; } = double.PositiveInfinity;

    /// <summary>99th percentile of the time per answer token, ms.</summary>
    public double PerTokenMs { get; init; } = double.PositiveInfinity;

    /// <summary>Mean power of all systems together, W.</summary>
    public double Watts { get; init; } = double.PositiveInfinity;

    /// <summary>Cost of a month, USD.</summary>
    public double UsdPerMonth { get; init; } = double.PositiveInfinity;

    /// <summary>Whether figures keep the limits of time, which more systems may help.</summary>
    internal bool InTime(TraceFigures figures) =>
        !figures.Overloaded
        && figures.TimeToFirstTokenSeconds.P99.Value * 1e3 <= FirstTokenMs
        && figures.TimePerOutputTokenSeconds.P99.Value * 1e3 <= PerTokenMs;

    /// <summary>The limits that figures break, in words.</summary>
    internal IReadOnlyList<string> Broken(TraceFigures figures, double usdPerMonth)
    {
        var broken = new List<string>();
        if (figures.Overloaded)
            broken.Add("serves less than is asked");
        Check("TTFT p99", figures.TimeToFirstTokenSeconds.P99.Value * 1e3, FirstTokenMs, "ms");
        Check("TPOT p99", figures.TimePerOutputTokenSeconds.P99.Value * 1e3, PerTokenMs, "ms");
        Check("power", figures.Watts.Value, Watts, "W");
        Check("cost", usdPerMonth, UsdPerMonth, "USD a month");
        return broken;

        void Check(string what, double value, double limit, string unit)
        {
            if (value > limit)
                broken.Add($"{what} {NumberText.Significant(value)} {unit}, above {NumberText.Significant(limit)}");
        }
    }
}
