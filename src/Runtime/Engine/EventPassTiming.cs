using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.Runtime.Engine;

/// <summary>Cost of a pass from the event engine: every pass is played on an idle chip.</summary>
public sealed class EventPassTiming : IPassTiming
{
    private readonly FlatSchedule _flat;
    private readonly PassEnergy _energy;
    private readonly OffDiePass _time;

    /// <summary>Timing of a chip in a process.</summary>
    public EventPassTiming(ChipPlan plan, TechnologySpec technology)
    {
        _time = new OffDiePass(plan, technology);
        _flat = new FlatSchedule(_time.Schedule);
        _energy = new PassEnergy(plan, technology, _time.Schedule);
    }

    /// <inheritdoc/>
    public PassCost CostOf(int position, int tokens)
    {
        var result = new EventEngine(_flat, Workload.Users(1, new Request(0, tokens, 1, position))).Run();
        // Another context can follow when the busiest resource has done its share of this one.
        var busiest = 0L;
        for (var i = 0; i < result.Resources.Count; i++)
            busiest = Math.Max(busiest, result.Resources[i].BusyCycles);
        var seconds = _time.Seconds(result.Cycles, position, tokens);
        var (joules, clockFraction) = _energy.Of(position + (0.5 * (tokens + 1)), tokens, seconds);
        var ns = 1e9 / clockFraction;
        return new PassCost(seconds * ns, _time.OnClock(busiest) * ns, joules, result.Cycles);
    }

    /// <inheritdoc/>
    /// <remarks>From the closed form: the engine has no barrier at which the positions of a layer wait for one another.</remarks>
    public PassCost CostOfCanvas(int position, int tokens) => CanvasPass.Cost(_time, _energy, position, tokens);
}
