using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>Energy of passes from the card's power model: what the card draws while tokens flow, less what it draws without.</summary>
public sealed class PassEnergy
{
    private readonly ChipPlan _plan;
    private readonly TechnologySpec _technology;
    private readonly TokenSchedule _schedule;
    private readonly TokenActivity _activity;
    private readonly AreaBreakdown _area;

    /// <summary>Power model of a chip in a process.</summary>
    public PassEnergy(ChipPlan plan, TechnologySpec technology, TokenSchedule schedule)
    {
        _plan = plan;
        _technology = technology;
        _schedule = schedule;
        _activity = TokenActivity.Of(plan, schedule);
        _area = DieArea.Of(plan.Fabric, technology);
        var idle = Power(1, 0);
        (IdleWatts, IdleDieWatts) = (idle.TotalWatts.Value, idle.DieWatts.Value);
    }

    /// <summary>Power of the card without load.</summary>
    public double IdleWatts { get; }

    /// <summary>Power of the dies without load.</summary>
    public double IdleDieWatts { get; }

    /// <summary>Area of all dies, mm².</summary>
    public double DieMm2 => _area.TotalMm2.Value * _plan.Fabric.Dies;

    /// <summary>Joules above idle of a pass, and the part of the nominal clock that the heat path allows.</summary>
    /// <param name="positions">Attended positions of the mean token.</param>
    /// <param name="tokens">Tokens of the pass.</param>
    /// <param name="seconds">Time of the pass at the nominal clock.</param>
    public (double Joules, double ClockFraction) Of(double positions, int tokens, double seconds)
    {
        return Above(Power(positions, tokens / seconds), seconds);
    }

    /// <summary>The same for a pass of a diffusion model, whose positions may share reads of the weights.</summary>
    /// <inheritdoc cref="Of"/>
    public (double Joules, double ClockFraction) OfCanvas(double positions, int tokens, double seconds)
    {
        var activity = _activity.Sharing(CanvasLatency.ReadsPerPosition(tokens, _plan.Fabric.Bank.PositionsPerRead));
        return Above(CardPower.At(_plan.Fabric, _technology, _area, activity, _schedule, positions, tokens / seconds), seconds);
    }

    private (double Joules, double ClockFraction) Above(PowerBreakdown loaded, double seconds)
    {
        return ((loaded.TotalWatts.Value - IdleWatts) * seconds / loaded.ClockFraction, loaded.ClockFraction);
    }

    /// <summary>Power of the card while it serves.</summary>
    /// <param name="positions">Attended positions of the mean token.</param>
    /// <param name="rate">Tokens per second of all users.</param>
    public PowerBreakdown Loaded(double positions, double rate) => Power(positions, rate);

    private PowerBreakdown Power(double positions, double rate) =>
        CardPower.At(_plan.Fabric, _technology, _area, _activity, _schedule, positions, rate);
}
