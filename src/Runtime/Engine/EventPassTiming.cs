using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>Cost of a pass from the event engine: every pass is played on an idle chip.</summary>
public sealed class EventPassTiming : IPassTiming
{
    private readonly FlatSchedule _flat;
    private readonly PassEnergy _energy;
    private readonly double _nanosecondsPerCycle;

    /// <summary>Timing of a chip in a process.</summary>
    public EventPassTiming(ChipPlan plan, TechnologySpec technology)
    {
        var schedule = BuildTokenSchedule.From(plan);
        _flat = new FlatSchedule(schedule);
        _energy = new PassEnergy(plan, technology, schedule);
        _nanosecondsPerCycle = technology.Calibration.Latency / plan.Fabric.ClockGhz;
    }

    /// <inheritdoc/>
    public PassCost CostOf(int position, int tokens)
    {
        var result = new EventEngine(_flat, Workload.Users(1, new Request(0, tokens, 1, position))).Run();
        // Another context can follow when the busiest resource has done its share of this one.
        var busiest = 0L;
        for (var i = 0; i < result.Resources.Count; i++)
            busiest = Math.Max(busiest, result.Resources[i].BusyCycles);
        var (joules, clockFraction) = _energy.Of(position + (0.5 * (tokens + 1)), tokens, result.Cycles * _nanosecondsPerCycle * 1e-9);
        var ns = _nanosecondsPerCycle / clockFraction;
        return new PassCost(result.Cycles * ns, busiest * ns, joules);
    }
}
