using TaalasSim.ChipModel.Timing;
using TaalasSim.Runtime.Pcie;

namespace TaalasSim.Runtime.Generate;

/// <summary>Cost of passes in closed form.</summary>
/// <param name="schedule">Phases of the chip.</param>
/// <param name="clockHz">Clock in hertz.</param>
/// <param name="factor">Calibration factor on cycles.</param>
/// <param name="joules">Energy above idle of one token that attends to so many positions, its own included.</param>
public sealed class AnalyticPassTiming(TokenSchedule schedule, double clockHz, double factor, Func<int, double> joules) : IPassTiming
{
    /// <inheritdoc/>
    public CoreTiming Prefill(int position, int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        var streaming = ClosedFormLatency.StreamCycles(schedule, position, tokens - 1);
        var last = ClosedFormLatency.TokenCycles(schedule, position + tokens);
        var interval = ClosedFormLatency.IntervalCycles(schedule, position + tokens);
        var nanoseconds = factor * 1e9 / clockHz;
        double energy = 0;
        for (var i = 1; i <= tokens; i++)
            energy += joules(position + i);
        return new CoreTiming((streaming + last) * nanoseconds, (streaming + Math.Min(interval, last)) * nanoseconds, energy);
    }
}
