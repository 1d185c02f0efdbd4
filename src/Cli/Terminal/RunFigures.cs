using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Runtime.Host.Generate;

namespace TaalasSim.Cli.Terminal;

/// <summary>Simulated figures of one generation, under the keys of <c>run --json</c>.</summary>
internal sealed record RunFigures
{
    /// <summary>Answer tokens per second that the user sees; null when fewer than two were made.</summary>
    public required double? TokensPerSecondUser { get; init; }

    public required double TimeToFirstTokenUs { get; init; }

    /// <summary>Mean time between two answer tokens at the host; null when fewer than two were made.</summary>
    public required double? UsPerToken { get; init; }

    /// <summary>Mean power of the card over the request.</summary>
    public required double Watts { get; init; }

    /// <summary>Energy of the request over all its tokens, prompt included when nothing was generated.</summary>
    public required double JoulesPerToken { get; init; }

    /// <summary>Mean structural cycles between two answer tokens, those of schedule, trace and Verilog; null when fewer than two were
    /// made.</summary>
    public required double? CyclesPerToken { get; init; }

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
        double? seconds = steps > 0 && run.DecodeSeconds > 0 ? run.DecodeSeconds / steps : null;
        var idle = machine.IdleWatts;
        var total = run.SimulatedSeconds;
        var tokens = Math.Max(1, run.Tokens.Count > 0 ? run.Tokens.Count : run.PromptTokens);
        return new RunFigures
        {
            TokensPerSecondUser = 1 / seconds,
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

    /// <summary>Tokens per second that the simulation reached on the host.</summary>
    public static double HostRate(Generation run) => run.WallSeconds > 0 ? (run.Tokens.Count + run.PromptTokens) / run.WallSeconds : 0;

    /// <summary>Writes the two lines under an answer.</summary>
    public void Write(TextWriter text, Generation run, string backend)
    {
        string?[] simulated =
        [
            TokensPerSecondUser is { } rate ? $"{NumberText.Significant(rate)} tokens/s" : null,
            $"first token after {NumberText.Si(TimeToFirstTokenUs * 1e-6, "s")}",
            $"{NumberText.Significant(Watts)} W",
            $"{NumberText.Si(JoulesPerToken, "J")}/token",
            CyclesPerToken is { } cycles
                ? $"{NumberText.Count((long)Math.Round(cycles))} cycles/token at {NumberText.Significant(ClockGhz)} GHz"
                : null,
        ];
        text.WriteLine("simulated  " + string.Join(", ", simulated.Where(part => part is not null)));
        if (LatencyFactor != 1)
            text.WriteLine($"           latency factor {NumberText.Significant(LatencyFactor)}: {LatencyFactorSource}");
        text.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"host       {run.PromptTokens} + {run.Tokens.Count} tokens in {NumberText.Si(run.WallSeconds, "s")}, "
                    + $"{NumberText.Significant(HostRate(run))} tokens/s on {backend}"
            )
        );
    }

    // The answer's first token comes with the prompt; the others see one position more each.
    private static double? Cycles(ChipPlan plan, int promptTokens, int steps)
    {
        if (steps < 1)
            return null;
        var schedule = BuildTokenSchedule.From(plan);
        return Enumerable.Range(promptTokens, steps).Average(held => ClosedFormLatency.PassCycles(schedule, 1, held));
    }
}
