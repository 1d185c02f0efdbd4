using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>Cost of a pass in which every token sees every other, in closed form (<see cref="CanvasLatency"/>).</summary>
internal static class CanvasPass
{
    /// <summary>Cost of tokens behind a context.</summary>
    /// <param name="time">Seconds of cycles.</param>
    /// <param name="energy">Joules of tokens.</param>
    /// <param name="position">Positions held before the pass.</param>
    /// <param name="tokens">Tokens of the pass.</param>
    public static PassCost Cost(OffDiePass time, PassEnergy energy, int position, int tokens)
    {
        var positions = position + tokens;
        var cycles = CanvasLatency.StepCycles(time.Schedule, tokens, positions);
        var seconds = time.Seconds(cycles, position, tokens);
        var (joules, clockFraction) = energy.OfCanvas(positions, tokens, seconds);
        var ns = 1e9 / clockFraction;
        var busy = tokens * CanvasLatency.Bottleneck(time.Schedule, tokens, positions).Cycles;
        return new PassCost(seconds * ns, Math.Min(seconds, time.OnClock(busy)) * ns, joules, cycles);
    }
}
