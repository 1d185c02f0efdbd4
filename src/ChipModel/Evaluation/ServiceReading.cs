using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Evaluation;

/// <summary>How a published chip may behave in service: one explanation of its decoding and one of its prompts, with their numbers drawn
/// (<see cref="Fabric.ServiceHypotheses"/>).</summary>
internal readonly record struct ServiceReading
{
    /// <summary>Cycles of the service under the explanation of attention.</summary>
    public required ServiceCycles Cycles { get; init; }

    /// <summary>Cycles of the mean prompt token through the whole chip.</summary>
    public required double PromptPassCycles { get; init; }

    /// <summary>Clock over the fabric's.</summary>
    public required double ClockFraction { get; init; }

    /// <summary>What the service adds to each answer token, seconds.</summary>
    public required double TokenOverheadSeconds { get; init; }

    /// <summary>Whether a prompt token enters when the one before has left.</summary>
    public required bool OneByOne { get; init; }

    /// <summary>Before the first prompt token, seconds.</summary>
    public required double StartSeconds { get; init; }

    /// <summary>Speeds of a service that a chip of this behaviour shows.</summary>
    /// <param name="chip">The chip; causal.</param>
    /// <param name="service">The service that the cycles were counted for.</param>
    /// <param name="factor">Calibration factor on cycles.</param>
    /// <param name="offDie">Links between packages and HBM.</param>
    public LatencyFigures Speed(EvaluationInput chip, ServiceShape service, double factor, in OffDieTiming offDie)
    {
        var clock = new Units.Hertz(chip.Fabric.Clock.Value * ClockFraction);
        var cycleSeconds = factor / clock.Value;
        var plain = ClosedFormLatency.Figures(Cycles, chip.Schedule.PackageLinkCycles, service, clock, factor, offDie);
        // Other users' tokens pass the chip while one user's is outside it.
        var alone = Math.Max(Cycles.Round * cycleSeconds, plain.TokenSeconds.Value) + TokenOverheadSeconds;
        var perUser = Math.Max(alone, service.Users * plain.IntervalSeconds.Value);
        var pass =
            ((PromptPassCycles - chip.Schedule.PackageLinkCycles) * cycleSeconds) + offDie.TokenSeconds(0.5 * (service.InputTokens + 1));
        var start = StartSeconds / service.InputTokens;
        return plain with
        {
            TokensPerSecondUser = 1 / perUser,
            TokensPerSecondTotal = service.Users / perUser,
            TimeToFirstTokenSeconds = new(
                StartSeconds
                    + TokenOverheadSeconds
                    + (OneByOne ? service.InputTokens * pass : plain.TimeToFirstTokenSeconds.Value)
            ),
            PromptTokenSeconds = new(start + (OneByOne ? pass : plain.PromptTokenSeconds.Value)),
            UsersToSaturate = (plain.TokenSeconds.Value + TokenOverheadSeconds) / plain.IntervalSeconds.Value,
        };
    }
}
