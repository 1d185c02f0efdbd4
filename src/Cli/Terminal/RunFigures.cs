using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Runtime.Host.Generate;

namespace TaalasSim.Cli.Terminal;

/// <summary>Simulated figures of one generation, under the keys of <c>run --json</c>.</summary>
internal sealed record RunFigures
{
    /// <summary>Answer tokens per second that the user sees; 0 when fewer than two were made.</summary>
    public required double TokensPerSecondUser { get; init; }

    public required double TimeToFirstTokenUs { get; init; }

    /// <summary>Mean time between two answer tokens at the host.</summary>
    public required double UsPerToken { get; init; }

    /// <summary>Mean power of the card over the request.</summary>
    public required double Watts { get; init; }

    /// <summary>Energy of the request over all its tokens, prompt included when nothing was generated.</summary>
    public required double JoulesPerToken { get; init; }

    /// <summary>Mean structural cycles between two answer tokens: those of schedule, trace and Verilog.</summary>
    public required double CyclesPerToken { get; init; }

    /// <summary>Clock of the fabric, GHz.</summary>
    public required double ClockGhz { get; init; }

    /// <summary>Factor on the seconds of these cycles, <c>calibration.latency</c> of the process.</summary>
    public required double LatencyFactor { get; init; }

    /// <summary>Where the factor comes from.</summary>
    public required string LatencyFactorSource { get; init; }

    /// <summary>Figures of a generation.</summary>
    /// <param name="run">The generation.</param>
    /// <param name="machine">The machine that ran it.</param>
    /// <param name="factor">Latency factor of the chip's process.</param>
    public static RunFigures Of(Generation run, SimulatedHost machine, Constant factor)
    {
        var steps = run.Tokens.Count - 1;
        var seconds = steps > 0 ? run.DecodeSeconds / steps : 0;
        var idle = machine.IdleWatts;
        var total = run.SimulatedSeconds;
        var tokens = Math.Max(1, run.Tokens.Count > 0 ? run.Tokens.Count : run.PromptTokens);
        return new RunFigures
        {
            TokensPerSecondUser = seconds > 0 ? 1 / seconds : 0,
            TimeToFirstTokenUs = run.TimeToFirstTokenSeconds * 1e6,
            UsPerToken = seconds * 1e6,
            Watts = total > 0 ? idle + (run.Joules / total) : idle,
            JoulesPerToken = (run.Joules + (idle * total)) / tokens,
            CyclesPerToken = Cycles(machine.Chip.Plan(), run.PromptTokens, steps),
            ClockGhz = machine.Chip.Fabric.ClockGhz,
            LatencyFactor = factor,
            LatencyFactorSource = factor.Source,
        };
    }

    // The answer's first token comes with the prompt; the others see one position more each.
    private static double Cycles(ChipPlan plan, int promptTokens, int steps)
    {
        if (steps < 1)
            return 0;
        var schedule = BuildTokenSchedule.From(plan);
        return Enumerable.Range(promptTokens, steps).Average(held => ClosedFormLatency.PassCycles(schedule, 1, held));
    }
}
