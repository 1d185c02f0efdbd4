using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>Cost of a pass in closed form: the longest path for one token, tokens of a prompt streaming at the busiest resource's
/// interval.</summary>
public sealed class AnalyticPassTiming : IPassTiming
{
    private readonly TokenSchedule _schedule;
    private readonly PassEnergy _energy;
    private readonly double _nanosecondsPerCycle;

    /// <summary>Timing of a chip in a process.</summary>
    public AnalyticPassTiming(ChipPlan plan, TechnologySpec technology)
    {
        _schedule = BuildTokenSchedule.From(plan);
        _energy = new PassEnergy(plan, technology, _schedule);
        _nanosecondsPerCycle = technology.Calibration.Latency / plan.Fabric.ClockGhz;
    }

    /// <inheritdoc/>
    public PassCost CostOf(int position, int tokens)
    {
        var last = position + tokens;
        var middle = position + (0.5 * (tokens + 1));
        var interval = ClosedFormLatency.IntervalCycles(_schedule, last);
        var streaming = ClosedFormLatency.StreamCycles(_schedule, position, tokens - 1);
        var cycles = ClosedFormLatency.PassCycles(_schedule, tokens, position);
        var (joules, clockFraction) = _energy.Of(middle, tokens, cycles * _nanosecondsPerCycle * 1e-9);
        var ns = _nanosecondsPerCycle / clockFraction;
        return new PassCost(cycles * ns, (streaming + interval) * ns, joules);
    }
}
