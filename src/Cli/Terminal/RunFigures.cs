using System.Globalization;
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

    /// <summary>Cycles between two answer tokens; null when fewer than two were made.</summary>
    public required double? CyclesPerToken { get; init; }

    public static RunFigures Of(Generation run, SimulatedHost machine)
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
            CyclesPerToken = seconds * machine.Chip.Fabric.ClockGhz.Value * 1e9,
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
            CyclesPerToken is { } cycles ? $"{NumberText.Count((long)cycles)} cycles/token" : null,
        ];
        text.WriteLine("simulated  " + string.Join(", ", simulated.Where(part => part is not null)));
        text.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"host       {run.PromptTokens} + {run.Tokens.Count} tokens in {NumberText.Si(run.WallSeconds, "s")}, {NumberText.Significant(HostRate(run))} tokens/s on {backend}"
            )
        );
    }
}
