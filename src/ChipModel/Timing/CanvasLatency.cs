namespace TaalasSim.ChipModel.Timing;

/// <summary>
/// Time of models that are not causal: a step computes every position of a canvas, and each sees all of them.
/// </summary>
/// <remarks>
/// Attention of a layer starts when the keys and values of all positions of that layer are written, so positions follow one another only
/// between two such barriers. A step of n positions takes Σ over the stretches between barriers of (way of one position + (n − 1) × its
/// busiest resource). With k tokens revealed in a step a user sees k tokens per step. The canvas is prompt and answer together, or a block
/// of B positions with exact keys and values of the text before it; a finished block is computed again to write its final keys and
/// values, so that B tokens take B/k + 1 steps (CDLM, arXiv:2511.19269). On a GPU the positions of a step share one read of the weights;
/// banks have no such read to share, so each position costs as much as a token of a causal model.
/// </remarks>
public static class CanvasLatency
{
    /// <summary>Cycles of one step.</summary>
    /// <param name="schedule">Phases of the chip.</param>
    /// <param name="canvas">Positions computed, at least 1.</param>
    /// <param name="positions">Positions that each of them sees.</param>
    public static double StepCycles(TokenSchedule schedule, int canvas, double positions)
    {
        var cycles = 0.0;
        var (way, busiest) = (0.0, 0.0);
        foreach (var stage in schedule.Stages)
        {
            var barrier = Barrier(stage);
            Add(stage, 0, barrier);
            if (barrier == stage.Phases.Count)
                continue;
            cycles += way + ((canvas - 1) * busiest);
            (way, busiest) = (0, 0);
            Add(stage, barrier, stage.Phases.Count);
        }

        return cycles + way + ((canvas - 1) * busiest);

        // Stretches of two layers are in different regions: the busier of the two limits.
        void Add(LayerSchedule stage, int from, int to)
        {
            for (var i = from; i < to; i++)
                way += stage.PhaseSpan[i].Cycles(positions);
            busiest = Math.Max(busiest, Busiest(stage, from, to, positions));
        }
    }

    /// <summary>Positions of a step and positions that each sees, for a service.</summary>
    /// <param name="block">Positions of a block; 0 for the whole canvas.</param>
    /// <param name="service">Lengths.</param>
    public static (int Canvas, double Positions) Shape(int block, ServiceShape service) =>
        block > 0
            ? (Math.Min(block, service.OutputTokens), service.MeanContext)
            : (service.InputTokens + service.OutputTokens, service.InputTokens + service.OutputTokens);

    /// <summary>Steps for one answer token: 1/k, and with blocks one more step for each block.</summary>
    /// <param name="block">Positions of a block; 0 for the whole canvas.</param>
    /// <param name="tokensPerStep">Tokens revealed in a step, above 0.</param>
    /// <param name="service">Lengths.</param>
    public static double StepsPerToken(int block, double tokensPerStep, ServiceShape service)
    {
        if (block <= 0)
            return 1 / tokensPerStep;
        var size = Math.Min(block, service.OutputTokens);
        // Blocks are complete; the last one may hold fewer tokens than positions.
        var blocks = Math.Ceiling((double)service.OutputTokens / size);
        return blocks * ((size / tokensPerStep) + 1) / service.OutputTokens;
    }

    /// <summary>Positions that the chip computes for one answer token.</summary>
    public static double PositionsPerToken(int block, double tokensPerStep, ServiceShape service) =>
        Shape(block, service).Canvas * StepsPerToken(block, tokensPerStep, service);

    /// <summary>Speeds of a service at a clock.</summary>
    /// <param name="schedule">Phases of the chip.</param>
    /// <param name="service">Lengths and users.</param>
    /// <param name="clockHz">Clock in hertz.</param>
    /// <param name="factor">Calibration factor on cycles.</param>
    /// <param name="offClock">Links between packages and HBM.</param>
    /// <param name="block">Positions of a block; 0 for the whole canvas.</param>
    /// <param name="tokensPerStep">Tokens revealed in a step, above 0.</param>
    public static LatencyFigures Figures(
        TokenSchedule schedule,
        ServiceShape service,
        double clockHz,
        double factor,
        in OffDieTiming offClock,
        int block,
        double tokensPerStep
    )
    {
        service.Check();
        var (canvas, positions) = Shape(block, service);
        var step =
            ((StepCycles(schedule, canvas, positions) - schedule.PackageLinkCycles) * factor / clockHz) + offClock.TokenSeconds(positions);
        var steps = StepsPerToken(block, tokensPerStep, service);
        var (unit, cycles) = ClosedFormLatency.Bottleneck(schedule, positions);
        var interval = canvas * steps * cycles * factor / clockHz;
        var perUser = Math.Max(steps * step, service.Users * interval);
        var causal = block > 0 ? ClosedFormLatency.Figures(schedule, service, clockHz, factor, offClock) : default;
        return new LatencyFigures
        {
            TokenSeconds = steps * step,
            IntervalSeconds = interval,
            TokensPerSecondUser = 1 / perUser,
            TokensPerSecondTotal = service.Users / perUser,
            TimeToFirstTokenSeconds = step + causal.TimeToFirstTokenSeconds,
            PromptTokenSeconds = causal.PromptTokenSeconds,
            UsersToSaturate = steps * step / interval,
            BindingUnit = unit,
        };
    }

    private static int Barrier(LayerSchedule stage)
    {
        for (var i = 0; i < stage.Phases.Count; i++)
            if (stage.PhaseSpan[i].Name == "scores")
                return i;
        return stage.Phases.Count;
    }

    private static double Busiest(LayerSchedule stage, int from, int to, double positions)
    {
        Span<double> shared = stackalloc double[(int)FabricUnit.Hbm + 1];
        shared.Clear();
        var most = 0.0;
        for (var i = from; i < to; i++)
            foreach (var demand in stage.PhaseSpan[i].DemandSpan)
            {
                var cycles = demand.Cycles(positions) * demand.Share;
                if (demand.Resource.Unit is FabricUnit.Bank or FabricUnit.Reduction)
                    most = Math.Max(most, cycles);
                else
                    shared[(int)demand.Resource.Unit] += cycles;
            }

        foreach (var cycles in shared)
            most = Math.Max(most, cycles);
        return most;
    }
}
