using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>
/// Answer tokens of one user one after another on a chip that serves nobody else. Stages of one kind and contexts that keep every unit busy
/// for as many cycles are played once: alone on the chip, a token meets nobody, so its stages add up.
/// </summary>
public static class TokenSeries
{
    /// <summary>Cycles of every token, and the events that were played for them.</summary>
    /// <param name="schedule">Phases of the chip.</param>
    /// <param name="banks">Banks, to play at bank granularity; null: a resource at a time.</param>
    /// <param name="firstPositions">Attended positions of the first token, itself included.</param>
    /// <param name="tokens">Tokens; each attends to one position more than the one before.</param>
    /// <param name="threads">Host threads; the result does not depend on them.</param>
    /// <param name="cancel">Stops between stages.</param>
    public static (long[] Cycles, long Events) Play(
        TokenSchedule schedule,
        BankGranularity? banks,
        int firstPositions,
        int tokens,
        int threads,
        CancellationToken cancel = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstPositions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        var played = new Dictionary<string, int>(StringComparer.Ordinal);
        var work = new List<(int Kind, int Positions)>();
        var uses = new int[tokens, schedule.Kinds];
        var growing = Enumerable
            .Range(0, schedule.Kinds)
            .Select(k => schedule.Representatives[k].Phases.SelectMany(p => p.Demands).Where(d => d.ItemsPerPosition != 0).ToArray())
            .ToArray();
        for (var t = 0; t < tokens; t++)
        for (var kind = 0; kind < schedule.Kinds; kind++)
        {
            var key =
                FormattableString.Invariant($"{kind}:") + string.Join(',', growing[kind].Select(d => (long)d.Cycles(firstPositions + t)));
            if (!played.TryGetValue(key, out var index))
            {
                played.Add(key, index = work.Count);
                work.Add((kind, firstPositions + t));
            }

            uses[t, kind] = index;
        }

        var stages = Enumerable.Range(0, schedule.Kinds).Select(k => new FlatSchedule(Alone(schedule, k))).ToArray();
        var results = new (long Cycles, long Events)[work.Count];
        Parallel.For(0, work.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, i =>
        {
            var run = new EventEngine(
                stages[work[i].Kind],
                Workload.Users(1, new Request(0, 1, 1, work[i].Positions - 1)),
                null,
                banks
            ).Run();
            results[i] = (run.Cycles, run.Events);
        });
        var cycles = new long[tokens];
        for (var t = 0; t < tokens; t++)
        for (var kind = 0; kind < schedule.Kinds; kind++)
            cycles[t] += (schedule.StagesOfKind[kind] * results[uses[t, kind]].Cycles) + (long)schedule.FurtherFillCycles[kind];
        return (cycles, results.Sum(r => r.Events));
    }

    // A stage between two that take no time. The first stage of the engine holds the embedding, the last the output.
    private static TokenSchedule Alone(TokenSchedule schedule, int kind)
    {
        var stage = schedule.Representatives[kind];
        var nothing = new LayerSchedule
        {
            Name = "nothing",
            Layer = 0,
            Die = 0,
            Region = stage.Region,
            Kind = 0,
            Phases =
            [
                new Phase
                {
                    Name = "nothing",
                    Unit = FabricUnit.Network,
                    After = [],
                    FillCycles = 0,
                    Demands = [],
                },
            ],
        };
        LayerSchedule[] stages = stage == schedule.Stages[0] ? [stage, nothing] : [nothing, stage, nothing];
        return new TokenSchedule
        {
            Stages = stages,
            Kinds = 1,
            StagesOfKind = [stages.Length],
            Representatives = [stage],
            FurtherFillCycles = [0],
            StagesOfRegion = [stages.Length],
        };
    }
}
