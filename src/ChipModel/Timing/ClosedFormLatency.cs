using TaalasSim.ChipModel.Units;

namespace TaalasSim.ChipModel.Timing;

/// <summary>
/// Time of tokens in closed form: the longest path for one token, the busiest resource for many. Cycles are structural;
/// the speeds of a service apply clock and calibration.
/// </summary>
public static class ClosedFormLatency
{
    // Units of a region that all its stages share: lanes, KV SRAM, network.
    private const int SharedUnits = 3;

    /// <summary>Cycles of one token through all stages when nothing is in the way.</summary>
    /// <param name="schedule">Phases of the chip.</param>
    /// <param name="positions">Attended positions, the token's own included, at least 1.</param>
    /// <param name="withOutput">False for prompt tokens, which end after the last layer.</param>
    public static double TokenCycles(TokenSchedule schedule, double positions, bool withOutput = true)
    {
        var sum = 0.0;
        for (var kind = 0; kind < schedule.Kinds; kind++)
        {
            var stage = schedule.Representatives[kind];
            if (withOutput || kind != schedule.Output.Kind)
                sum += (schedule.StagesOfKind[kind] * stage.Cycles(positions)) + schedule.FurtherFillCycles[kind];
        }

        return sum;
    }

    /// <summary>Least cycles between two tokens: the busiest resource's cycles per token (bottleneck law).</summary>
    public static double IntervalCycles(TokenSchedule schedule, double positions, bool withOutput = true) =>
        Bottleneck(schedule, positions, withOutput).Cycles;

    /// <summary>The busiest resource and its cycles per token. Regions are shared by all stages in them; banks and trees are
    /// each stage's own.</summary>
    /// <param name="schedule">Phases of the chip.</param>
    /// <param name="positions">Attended positions.</param>
    /// <param name="withOutput">False for prompt tokens, which skip the output.</param>
    /// <param name="reads">Reads of a bank for one token, at most 1; less where positions of a canvas share them.</param>
    public static (FabricUnit Unit, double Cycles) Bottleneck(
        TokenSchedule schedule,
        double positions,
        bool withOutput = true,
        double reads = 1
    )
    {
        var size = schedule.Kinds * SharedUnits;
        Span<double> shared = schedule.Kinds <= 64 ? stackalloc double[size] : new double[size];
        shared.Clear();
        var busiest = (Unit: FabricUnit.Bank, Cycles: 0.0);
        for (var kind = 0; kind < schedule.Kinds; kind++)
        {
            if (!withOutput && kind == schedule.Output.Kind)
                continue;
            foreach (var phase in schedule.Representatives[kind].PhaseSpan)
            {
                foreach (var demand in phase.DemandSpan)
                {
                    var cycles = demand.Cycles(positions) * demand.Share;
                    switch (demand.Resource.Unit)
                    {
                        case FabricUnit.Vector:
                            shared[kind * SharedUnits] += cycles;
                            break;
                        case FabricUnit.KvSram:
                            shared[(kind * SharedUnits) + 1] += cycles;
                            break;
                        case FabricUnit.Network:
                            shared[(kind * SharedUnits) + 2] += cycles;
                            break;
                        case FabricUnit.DieLink or FabricUnit.PackageLink:
                            // Shared by all stages of a die: summed over them below, or timed by OffDieTiming.
                            break;
                        default:
                            if (demand.Resource.Unit is FabricUnit.Bank or FabricUnit.Reduction)
                                cycles *= reads;
                            if (cycles > busiest.Cycles)
                                busiest = (demand.Resource.Unit, cycles);
                            break;
                    }
                }
            }
        }

        busiest = BusiestRegion(schedule, shared, busiest);
        if (schedule.DieLinkCycles > busiest.Cycles)
            busiest = (FabricUnit.DieLink, schedule.DieLinkCycles);

        // With tied embeddings the banks of one matrix serve both ends of a token.
        if (withOutput && (reads * TiedCycles(schedule, positions)) is var tied && tied > busiest.Cycles)
            busiest = (FabricUnit.Bank, tied);
        return busiest;
    }

    // The busiest unit of a region where it is busier than what was found before.
    // shared: cycles of one stage of each kind on lanes, KV SRAM and network, kind by kind.
    private static (FabricUnit Unit, double Cycles) BusiestRegion(
        TokenSchedule schedule,
        ReadOnlySpan<double> shared,
        (FabricUnit Unit, double Cycles) busiest
    )
    {
        var regions = schedule.DistinctRegions;
        for (var region = 0; region < regions.Length / schedule.Kinds; region++)
        for (var unit = 0; unit < SharedUnits; unit++)
        {
            var cycles = 0.0;
            for (var kind = 0; kind < schedule.Kinds; kind++)
                cycles += regions[(region * schedule.Kinds) + kind] * shared[(kind * SharedUnits) + unit];
            if (cycles > busiest.Cycles)
                busiest = (
                    unit switch
                    {
                        0 => FabricUnit.Vector,
                        1 => FabricUnit.KvSram,
                        _ => FabricUnit.Network,
                    },
                    cycles
                );
        }

        return busiest;
    }

    private static double TiedCycles(TokenSchedule schedule, double positions)
    {
        var most = 0.0;
        foreach (var phase in schedule.Stages[0].PhaseSpan)
        foreach (var demand in phase.DemandSpan)
        foreach (var last in schedule.Output.PhaseSpan)
        foreach (var other in last.DemandSpan)
            if (demand.Resource.Unit == FabricUnit.Bank && other.Resource == demand.Resource)
                most = Math.Max(most, demand.Cycles(positions) + other.Cycles(positions));
        return most;
    }

    /// <summary>Cycles from token to token of one of this number of users: the latency when alone, else a round of intervals
    /// (<see cref="ModuloSchedule.InitiationInterval"/>).</summary>
    public static double RoundCycles(TokenSchedule schedule, int users, double positions) =>
        users == 1 ? TokenCycles(schedule, positions) : users * (double)schedule.Timetable.InitiationInterval(users, positions);

    /// <summary>Cycles of a pass, from its first token to the answer token after its last: tokens enter one initiation interval apart and
    /// wait for one another on the way; the last walks the whole chip.</summary>
    /// <param name="schedule">Phases of the chip.</param>
    /// <param name="inputTokens">Tokens of the pass, at least 1: one for a decode step, several for a prompt.</param>
    /// <param name="startingContext">Positions that the KV memory holds before the pass.</param>
    public static double PassCycles(TokenSchedule schedule, int inputTokens, int startingContext = 0) =>
        TokenCycles(schedule, (double)startingContext + inputTokens)
        + Math.Max(QueueCycles(schedule, inputTokens, startingContext), (inputTokens - 1) * schedule.BusiestPackageLinkCycles);

    // Cycles that the last token of a prompt comes in behind the first, its waits on the way included; links between packages apart.
    internal static double QueueCycles(TokenSchedule schedule, int inputTokens, int startingContext)
    {
        var stream = StreamCycles(schedule, startingContext, inputTokens - 1);
        var (factor, wait) = schedule.Timetable.Stream(inputTokens, startingContext, stream);
        return (factor * stream) + wait;
    }

    /// <summary>Cycles in which this number of prompt tokens enter one after another: the sum of their intervals.</summary>
    /// <remarks>
    /// The interval is piecewise linear in the context (the busiest resource changes, windows fill), so the interval of the mean context is
    /// too short. The midpoint rule over eight equal parts is exact but in the parts with a kink, where it is off by at most slope × part²
    /// / 8.
    /// </remarks>
    public static double StreamCycles(TokenSchedule schedule, int startingContext, int tokens)
    {
        const int most = 8;
        var parts = Math.Min(tokens, most);
        var sum = 0.0;
        for (var i = 0; i < parts; i++)
            sum += IntervalCycles(schedule, startingContext + 0.5 + ((i + 0.5) * tokens / parts), withOutput: false);
        return parts == 0 ? 0 : sum * tokens / parts;
    }

    /// <summary>Structural cycles of a token by phase unit, for breakdowns.</summary>
    public static IReadOnlyDictionary<FabricUnit, double> CyclesByUnit(TokenSchedule schedule, double positions) =>
        Enum.GetValues<FabricUnit>()
            .ToDictionary(
                unit => unit,
                unit => schedule.Stages.Sum(s => s.Phases.Where(p => p.Unit == unit).Sum(p => p.Cycles(positions)))
            );

    /// <summary>Structural cycles of a token by phase name, over all stages, in the order of the schedule.</summary>
    public static IReadOnlyList<(string Phase, double Cycles)> CyclesByPhase(TokenSchedule schedule, double positions) =>
        [
            .. schedule
                .Stages.SelectMany(s => s.Phases)
                .GroupBy(p => p.Name, StringComparer.Ordinal)
                .Select(g => (g.Key, g.Sum(p => p.Cycles(positions)))),
        ];

    /// <summary>Speeds of a service at a clock.</summary>
    /// <param name="schedule">Phases of the chip.</param>
    /// <param name="service">Lengths and users.</param>
    /// <param name="clock">Clock.</param>
    /// <param name="factor">Calibration factor on cycles.</param>
    /// <param name="offClock">Links between packages and HBM, which follow no clock of the chip.</param>
    public static LatencyFigures Figures(
        TokenSchedule schedule,
        ServiceShape service,
        Hertz clock,
        double factor,
        in OffDieTiming offClock = default
    ) => Figures(ServiceCycles.Of(schedule, service), schedule.PackageLinkCycles, service, clock, factor, offClock);

    /// <summary>The same with cycles that were counted before.</summary>
    /// <param name="counted">Cycles of the service.</param>
    /// <param name="packageLinkCycles">Cycles among them on links between packages, whose time follows no clock.</param>
    /// <param name="service">Lengths and users.</param>
    /// <param name="clock">Clock.</param>
    /// <param name="factor">Calibration factor on cycles.</param>
    /// <param name="offClock">Links between packages and HBM, which follow no clock of the chip.</param>
    public static LatencyFigures Figures(
        in ServiceCycles counted,
        double packageLinkCycles,
        ServiceShape service,
        Hertz clock,
        double factor,
        in OffDieTiming offClock
    )
    {
        var clockHz = clock.Value;
        var context = service.MeanContext;
        var token = ((counted.Token - packageLinkCycles) * factor / clockHz) + offClock.TokenSeconds(context);
        var (unit, interval) = (counted.BusiestUnit, counted.Interval * factor / clockHz);
        if (offClock.Interval(context) is var off && off.Seconds > interval)
            (unit, interval) = off;
        var round = counted.Round * factor / clockHz;
        var perUser = service.Users == 1 ? token : Math.Max(Math.Max(round, token), service.Users * interval);
        // Where links or HBM are slower than the chip, the prompt streams at their pace.
        var offInterval = offClock.Interval(0.5 * service.InputTokens).Seconds;
        var queue = Math.Max(counted.Queue * factor / clockHz, (service.InputTokens - 1) * offInterval);
        var prefill = ((counted.TokenAtInput - packageLinkCycles) * factor / clockHz) + offClock.TokenSeconds(service.InputTokens) + queue;
        return new LatencyFigures
        {
            TokenSeconds = new(token),
            IntervalSeconds = new(interval),
            TokensPerSecondUser = 1 / perUser,
            TokensPerSecondTotal = service.Users / perUser,
            TimeToFirstTokenSeconds = new(prefill),
            PromptTokenSeconds = new(Math.Max(counted.PromptInterval * factor / clockHz, offInterval)),
            UsersToSaturate = token / interval,
            BindingUnit = unit,
        };
    }
}
