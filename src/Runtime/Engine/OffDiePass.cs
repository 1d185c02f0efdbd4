using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>Turns the cycles of a pass into seconds: clock and latency factor for what follows the clock, the links' own time for what
/// does not, and the time of keys and values that lie in HBM.</summary>
internal sealed class OffDiePass
{
    private readonly EvaluationInput _chip;
    private readonly double _secondsPerCycle;
    private readonly double _linkSecondsPerCycle;

    /// <summary>A chip in a process.</summary>
    public OffDiePass(ChipPlan plan, TechnologySpec technology)
    {
        SupplyVoltage.Check(plan.Fabric, technology);
        _chip = EvaluationInput.Of(plan);
        _linkSecondsPerCycle = 1 / plan.Fabric.Clock.Value;
        _secondsPerCycle = technology.Calibration.Latency * _linkSecondsPerCycle;
    }

    /// <summary>Phases of the chip.</summary>
    public TokenSchedule Schedule => _chip.Schedule;

    /// <summary>Seconds of cycles that follow the clock.</summary>
    public double OnClock(double cycles) => cycles * _secondsPerCycle;

    /// <summary>Seconds of a pass at the nominal clock.</summary>
    /// <param name="cycles">Cycles, those of links between packages among them.</param>
    /// <param name="position">Positions held before the pass.</param>
    /// <param name="tokens">Tokens of the pass.</param>
    public double Seconds(double cycles, int position, int tokens)
    {
        var link = Schedule.PackageLinkCycles;
        var seconds = ((cycles - link) * _secondsPerCycle) + (link * _linkSecondsPerCycle);
        var offDie = Hbm(position, tokens);
        if (offDie.HbmShare <= 0)
            return seconds;
        // One token waits for its own keys and values; those behind it stream at the pace of the stacks where that is slower than the chip.
        var behind = Math.Max(0, cycles - ClosedFormLatency.TokenCycles(Schedule, (double)position + tokens)) * _secondsPerCycle;
        return seconds
            + offDie.HbmTokenSeconds(position + tokens)
            + Math.Max(0, ((tokens - 1) * offDie.Interval(position + (0.5 * tokens)).Seconds) - behind);
    }

    private OffDieTiming Hbm(int position, int tokens) => _chip.OffDieTiming(new ServiceShape(position + tokens, 0));
}
