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

    public required double CyclesPerToken { get; init; }

    public static RunFigures Of(Generation run, SimulatedHost machine)
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
            CyclesPerToken = seconds * machine.Chip.Fabric.ClockGhz.Value * 1e9,
        };
    }
}
