using TaalasSim.ChipModel.Units;

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
/// banks share a read only where
/// the fabric has the columns of several positions (<see cref="BankStyles.BankSpec.PositionsPerRead"/>); elsewhere each position costs as
/// much as a token of a causal model.
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
        var (way, shared, read) = (0.0, 0.0, 0.0);
        foreach (var stage in schedule.Stages)
        {
            var barrier = Barrier(stage);
            Add(stage, 0, barrier);
            if (barrier == stage.Phases.Count)
                continue;
            cycles += way + Behind();
            (way, shared, read) = (0, 0, 0);
            Add(stage, barrier, stage.Phases.Count);
        }

        return cycles + way + Behind();

        // What the last position comes in behind the first: the positions of a read enter the bank together, reads follow one another.
        double Behind() =>
            Math.Max(
                (canvas - 1) * shared,
                ((Math.Min(schedule.PositionsPerRead, canvas) - 1) * shared)
                    + ((Math.Ceiling((double)canvas / schedule.PositionsPerRead) - 1) * read)
            );

        // Stretches of two layers are in different regions: the busier of the two limits.
        void Add(LayerSchedule stage, int from, int to)
        {
            for (var i = from; i < to; i++)
                way += stage.PhaseSpan[i].Cycles(positions);
            var busiest = Busiest(stage, from, to, positions);
            (shared, read) = (Math.Max(shared, busiest.Shared), Math.Max(read, busiest.Read));
        }
    }

    /// <summary>Reads of a bank for one position of a canvas: ⌈n/p⌉/n where p positions share one.</summary>
    /// <param name="canvas">Positions of a step, at least 1.</param>
    /// <param name="positionsPerRead">Positions that share a read.</param>
    public static double ReadsPerPosition(int canvas, int positionsPerRead) => Math.Ceiling((double)canvas / positionsPerRead) / canvas;

    /// <summary>The unit that limits how many steps of all users follow one another, and its cycles for one position.</summary>
    /// <param name="schedule">Phases of the chip.</param>
    /// <param name="canvas">Positions of a step.</param>
    /// <param name="positions">Positions that each of them sees.</param>
    public static (FabricUnit Unit, double Cycles) Bottleneck(TokenSchedule schedule, int canvas, double positions) =>
        ClosedFormLatency.Bottleneck(schedule, positions, reads: ReadsPerPosition(canvas, schedule.PositionsPerRead));

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
    /// <param name="clock">Clock.</param>
    /// <param name="factor">Calibration factor on cycles.</param>
    /// <param name="offClock">Links between packages and HBM.</param>
    /// <param name="block">Positions of a block; 0 for the whole canvas.</param>
    /// <param name="tokensPerStep">Tokens revealed in a step, above 0.</param>
    public static LatencyFigures Figures(
        TokenSchedule schedule,
        ServiceShape service,
        Hertz clock,
        double factor,
        in OffDieTiming offClock,
        int block,
        double tokensPerStep
    )
    {
        service.Check();
        var clockHz = clock.Value;
        var (canvas, positions) = Shape(block, service);
        var step =
            ((StepCycles(schedule, canvas, positions) - schedule.PackageLinkCycles) * factor / clockHz) + offClock.TokenSeconds(positions);
        var steps = StepsPerToken(block, tokensPerStep, service);
        var (unit, cycles) = Bottleneck(schedule, canvas, positions);
        var interval = canvas * steps * cycles * factor / clockHz;
        var perUser = Math.Max(steps * step, service.Users * interval);
        var causal = block > 0 ? ClosedFormLatency.Figures(schedule, service, clock, factor, offClock) : default;
        return new LatencyFigures
        {
            TokenSeconds = new(steps * step),
            IntervalSeconds = new(interval),
            TokensPerSecondUser = 1 / perUser,
            TokensPerSecondTotal = service.Users / perUser,
            TimeToFirstTokenSeconds = new(step + causal.TimeToFirstTokenSeconds.Value),
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

    // Cycles for each position on what positions have one by one, and for each read of banks with their reduction trees.
    private static (double Shared, double Read) Busiest(LayerSchedule stage, int from, int to, double positions)
    {
        Span<double> shared = stackalloc double[(int)FabricUnit.Hbm + 1];
        shared.Clear();
        var (most, read) = (0.0, 0.0);
        for (var i = from; i < to; i++)
            foreach (var demand in stage.PhaseSpan[i].DemandSpan)
            {
                var cycles = demand.Cycles(positions) * demand.Share;
                if (demand.Resource.Unit is FabricUnit.Bank or FabricUnit.Reduction)
                    read = Math.Max(read, cycles);
                else
                    shared[(int)demand.Resource.Unit] += cycles;
            }

        foreach (var cycles in shared)
            most = Math.Max(most, cycles);
        return (most, read);
    }
}
