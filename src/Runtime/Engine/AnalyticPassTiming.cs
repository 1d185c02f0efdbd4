using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>Cost of a pass in closed form: the longest path for one token, tokens of a prompt streaming at the busiest resource's
/// interval.</summary>
public sealed class AnalyticPassTiming : IPassTiming
{
    private readonly PassEnergy _energy;
    private readonly OffDiePass _time;

    /// <summary>Timing of a chip in a process.</summary>
    public AnalyticPassTiming(ChipPlan plan, TechnologySpec technology)
    {
        _time = new OffDiePass(plan, technology);
        _energy = new PassEnergy(plan, technology, _time.Schedule);
    }

    /// <inheritdoc/>
    public PassCost CostOf(int position, int tokens)
    {
        var last = position + tokens;
        var middle = position + (0.5 * (tokens + 1));
        var schedule = _time.Schedule;
        var interval = ClosedFormLatency.IntervalCycles(schedule, last);
        var streaming = ClosedFormLatency.StreamCycles(schedule, position, tokens - 1);
        var cycles = ClosedFormLatency.PassCycles(schedule, tokens, position);
        var seconds = _time.Seconds(cycles, position, tokens);
        var (joules, clockFraction) = _energy.Of(middle, tokens, seconds);
        var ns = 1e9 / clockFraction;
        return new PassCost(seconds * ns, _time.OnClock(streaming + interval) * ns, joules, cycles);
    }

    /// <inheritdoc/>
    public PassCost CostOfCanvas(int position, int tokens) => CanvasPass.Cost(_time, _energy, position, tokens);
}
