using TaalasSim.ChipModel.Timing;
using TaalasSim.Runtime.Engine;
using TaalasSim.Runtime.Pcie;

namespace TaalasSim.Runtime.Generate;

/// <summary>Cost of passes from the event engine: every pass is played on an idle chip.</summary>
/// <param name="schedule">Phases of the chip.</param>
/// <param name="clockHz">Clock in hertz.</param>
/// <param name="factor">Calibration factor on cycles.</param>
/// <param name="joules">Energy above idle of one token that attends to so many positions, its own included.</param>
public sealed class EventPassTiming(TokenSchedule schedule, double clockHz, double factor, Func<int, double> joules) : IPassTiming
{
    private readonly FlatSchedule _flat = new(schedule);

    /// <inheritdoc/>
    public CoreTiming Prefill(int position, int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        var result = new EventEngine(_flat, Workload.Users(1, new Request(0, tokens, 1, position))).Run();
        // Another context can follow when the busiest resource has done its share of this one.
        var busiest = 0L;
        for (var i = 0; i < result.Resources.Count; i++)
            busiest = Math.Max(busiest, result.Resources[i].BusyCycles);
        var nanoseconds = factor * 1e9 / clockHz;
        double energy = 0;
        for (var i = 1; i <= tokens; i++)
            energy += joules(position + i);
        return new CoreTiming(result.Cycles * nanoseconds, busiest * nanoseconds, energy);
    }
}
