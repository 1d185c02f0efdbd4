namespace TaalasSim.ChipModel.Timing;

/// <summary>Structural cycles of a service on a chip: all of the closed form that no constant of process, fabric or prices changes. Monte
/// Carlo draws of one design point share them.</summary>
public readonly record struct ServiceCycles
{
    /// <summary>One token at the mean context.</summary>
    public required double Token { get; init; }

    /// <summary>The resource that limits all users.</summary>
    public required FabricUnit BusiestUnit { get; init; }

    /// <summary>Its cycles per token.</summary>
    public required double Interval { get; init; }

    /// <summary>From token to token of one user (<see cref="ClosedFormLatency.RoundCycles"/>).</summary>
    public required double Round { get; init; }

    /// <summary>By which the last token of the prompt comes in behind the first.</summary>
    public required double Queue { get; init; }

    /// <summary>One token at the end of the prompt.</summary>
    public required double TokenAtInput { get; init; }

    /// <summary>Between two prompt tokens, on average over the prompt.</summary>
    public required double PromptInterval { get; init; }

    /// <summary>Counts the cycles of a service.</summary>
    /// <param name="schedule">Phases of the chip.</param>
    /// <param name="service">Lengths and users, each at least 1.</param>
    public static ServiceCycles Of(TokenSchedule schedule, ServiceShape service)
    {
        service.Check();
        var context = service.MeanContext;
        var token = ClosedFormLatency.TokenCycles(schedule, context);
        var (unit, interval) = ClosedFormLatency.Bottleneck(schedule, context);
        return new ServiceCycles
        {
            Token = token,
            BusiestUnit = unit,
            Interval = interval,
            Round = service.Users == 1 ? token : ClosedFormLatency.RoundCycles(schedule, service.Users, context),
            Queue = ClosedFormLatency.QueueCycles(schedule, service.InputTokens, 0),
            TokenAtInput = ClosedFormLatency.TokenCycles(schedule, service.InputTokens),
            PromptInterval = ClosedFormLatency.IntervalCycles(schedule, 0.5 * (service.InputTokens + 1), withOutput: false),
        };
    }
}
