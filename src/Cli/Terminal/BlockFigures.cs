using TaalasSim.ChipModel.Units;
using TaalasSim.Runtime.Host.Generate;

namespace TaalasSim.Cli.Terminal;

/// <summary>Simulated figures of a decode in passes of several positions, under the keys of <c>run --json</c>.</summary>
internal sealed record BlockFigures
{
    /// <summary>Answer tokens per second from the first pass behind the prompt to the last block at the host.</summary>
    public required double? TokensPerSecondUser { get; init; }

    /// <summary>Time from the request to the first block at the host.</summary>
    public required double TimeToFirstBlockUs { get; init; }

    /// <summary>Mean power of the card over the request.</summary>
    public required double Watts { get; init; }

    /// <summary>Energy of the request, prompt and idle power included, over all its answer tokens.</summary>
    public required double JoulesPerToken { get; init; }

    /// <summary>Simulated time of the request.</summary>
    public required double TotalUs { get; init; }

    /// <summary>Figures of a block decode.</summary>
    public static BlockFigures Of(BlockGeneration run, double idleWatts) =>
        Of(run.Tokens.Count, run.SimulatedSeconds - run.PrefillSeconds, run.FirstBlockSeconds, run.SimulatedSeconds, run.Joules, idleWatts);

    /// <summary>Figures of a canvas: nothing is final before the last step.</summary>
    public static BlockFigures Of(DiffusionGeneration run, double idleWatts) =>
        Of(run.Tokens.Count - run.MasksLeft, run.SimulatedSeconds, run.SimulatedSeconds, run.SimulatedSeconds, run.Joules, idleWatts);

    /// <summary>Writes the line under an answer.</summary>
    public void Write(TextWriter text) =>
        text.WriteLine(
            "simulated  "
                + string.Join(
                    ", ",
                    new[]
                    {
                        TokensPerSecondUser is { } rate ? $"{NumberText.Significant(rate)} tokens/s" : null,
                        $"first block after {NumberText.Si(TimeToFirstBlockUs * 1e-6, "s")}",
                        $"{NumberText.Significant(Watts)} W",
                        $"{NumberText.Si(JoulesPerToken, "J")}/token",
                    }.Where(part => part is not null)
                )
        );

    private static BlockFigures Of(int tokens, double decode, double first, double total, double joules, double idle) =>
        new()
        {
            TokensPerSecondUser = tokens > 0 && decode > 0 ? tokens / decode : null,
            TimeToFirstBlockUs = first * 1e6,
            Watts = total > 0 ? idle + (joules / total) : idle,
            JoulesPerToken = (joules + (idle * total)) / Math.Max(1, tokens),
            TotalUs = total * 1e6,
        };
}
