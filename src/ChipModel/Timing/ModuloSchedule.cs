namespace TaalasSim.ChipModel.Timing;

/// <summary>
/// Where slots that follow one another every <c>interval</c> cycles are in the steady state: the modulo schedule that the compiler can
/// print and the closed form adds up.
/// </summary>
/// <remarks>
/// A unit that several phases share serves the phase that comes first in the program; a later one yields and resumes where it stopped. With
/// slots one initiation interval apart the service of a phase repeats every interval and depends on earlier phases alone, so one walk over
/// the phases on a circle of <c>interval</c> cycles is the exact steady state: a phase takes the first free cycles of the circle from where
/// it is ready. It exists when no unit has more work per slot than an interval (the reservation table and minimum initiation interval of
/// pipelines: Davidson 1971; Rau and Glaeser 1981). docs/engine.md derives it.
/// </remarks>
public sealed class ModuloSchedule
{
    // Initiation intervals are tried in steps of one and a half per cent.
    private const int IntervalSteps = 64;

    private const double LightWait = 0.0025;

    // Blocks of one kind differ by their wires alone; this number of them, spread over the chip, represents all.
    private const int Samples = 8;

    // Initiation intervals of prompts: the minimum and a sixteenth, in which slots catch up when the context moves their phases, and up to
    // sixteen times that. Where a cluster serves three layers or more, slots of different layers meet on its lanes and links at every
    // turn: 12 % in place of a sixteenth and smaller steps keep closed form and engine together. Positions: this number per octave (the
    // wait jumps from position to position, and its maximum counts).
    private const double LeastStream = 17 / 16.0;

    private const double LeastStreamOfManyLayers = 1.12;

    private const int ManyLayers = 3;

    private const int MostStreamSteps = 33;

    private const int PositionSteps = 32;

    private const int MostPositions = 32 * PositionSteps;

    private const int MostOnStack = 4096;

    private readonly List<Block> _blocks = [];
    private readonly List<int> _order = [];
    private readonly double[]?[] _streamWaits = new double[]?[MostStreamSteps * MostPositions];
    private readonly double[] _freshWaits = new double[MostStreamSteps * MostPositions];
    private readonly bool _manyLayers;
    private readonly int _tables;
    private readonly int _steps;
    private readonly int _runs;

    internal ModuloSchedule(TokenSchedule schedule)
    {
        Schedule = schedule;
        var stages = schedule.Stages;
        var blockOf = new int[stages.Count];
        for (var i = 1; i < stages.Count; i++)
            blockOf[i] = blockOf[i - 1] + (stages[i].Region == stages[i - 1].Region ? 0 : 1);
        _manyLayers = stages.Where(s => s.Layer >= 0).GroupBy(s => s.Region).Any(g => g.Count() >= ManyLayers);
        var (visits, crossingTables) = SharedResources(stages, blockOf);
        for (var block = 0; block <= blockOf[^1]; block++)
        {
            var members = Enumerable.Range(0, stages.Count).Where(i => blockOf[i] == block).ToArray();
            var local = new Dictionary<Resource, int>();
            var made = new List<Step>();
            foreach (var i in members)
                AddSteps(made, stages[i].Phases, i, d => TableOf(d, visits, crossingTables, local));
            _tables = Math.Max(_tables, crossingTables.Count + local.Count);
            _steps = Math.Max(_steps, made.Count);
            _blocks.Add(
                new Block([.. made], string.Join(',', members.Select(i => stages[i].Kind)), members.Any(i => i == stages.Count - 1))
            );
        }

        // A visit leaves at most one more run of taken cycles, two where it goes over the end of the circle.
        _runs =
            2
            * (1 + _blocks.Max(b => b.Steps.SelectMany(s => s.Uses).GroupBy(u => u.Table).Select(g => g.Count()).DefaultIfEmpty(0).Max()));
        CrossingTables = crossingTables.Count;
        ChooseSamples();
    }

    private TokenSchedule Schedule { get; }

    private int CrossingTables { get; }

    // Visits of every resource, and a table for each one that blocks in different regions share (tied embedding).
    private static (Dictionary<Resource, int> Visits, Dictionary<Resource, int> CrossingTables) SharedResources(
        IReadOnlyList<LayerSchedule> stages,
        int[] blockOf
    )
    {
        var visits = new Dictionary<Resource, int>();
        var lastBlock = new Dictionary<Resource, int>();
        var crossing = new HashSet<Resource>();
        for (var i = 0; i < stages.Count; i++)
            foreach (var phase in stages[i].Phases)
            foreach (var resource in phase.Demands.Where(d => d.Alternatives.Count == 0).Select(d => d.Resource).Distinct())
            {
                visits[resource] = visits.GetValueOrDefault(resource) + 1;
                if (lastBlock.TryGetValue(resource, out var block) && block != blockOf[i])
                    crossing.Add(resource);
                lastBlock[resource] = blockOf[i];
            }

        var tables = crossing.OrderBy(r => r.Unit).ThenBy(r => r.Index).Select((r, i) => (r, i)).ToDictionary(p => p.r, p => p.i);
        return (visits, tables);
    }

    // The table of taken cycles that a demand uses; −1 for a resource that no other phase visits.
    private static int TableOf(
        Demand demand,
        Dictionary<Resource, int> visits,
        Dictionary<Resource, int> crossingTables,
        Dictionary<Resource, int> local
    )
    {
        if (demand.Alternatives.Count > 0)
            return -1;
        if (crossingTables.TryGetValue(demand.Resource, out var shared))
            return shared;
        if (visits[demand.Resource] < 2)
            return -1;
        if (!local.TryGetValue(demand.Resource, out var table))
            local.Add(demand.Resource, table = crossingTables.Count + local.Count);
        return table;
    }

    private static void AddSteps(List<Step> made, IReadOnlyList<Phase> phases, int stage, Func<Demand, int> tableOf)
    {
        var first = made.Count;
        for (var p = 0; p < phases.Count; p++)
        {
            var uses = new List<Use>();
            var own = 0L;
            foreach (var demand in phases[p].Demands.Where(d => d.Items != 0 || d.ItemsPerPosition != 0))
            {
                var table = tableOf(demand);
                if (table < 0 && demand.ItemsPerPosition == 0)
                    own = Math.Max(own, (long)demand.Cycles(0));
                else
                    uses.Add(new Use(demand, table));
            }

            var after = phases[p].After.Select(a => a + first).ToArray();
            var chain = p == 0 ? after.Length == 0 : after.Length == 1 && after[0] == made.Count - 1;
            made.Add(new Step([.. uses], chain ? null : after, first, p == 0, own, (long)Math.Ceiling(phases[p].FillCycles), stage));
        }
    }

    // Of blocks of one kind some, spread over the chip, represent all.
    private void ChooseSamples()
    {
        foreach (var group in _blocks.Select((b, i) => (b, i)).GroupBy(p => p.b.Kinds, StringComparer.Ordinal).ToArray())
        {
            var all = group.Select(p => p.i).ToArray();
            var n = Math.Min(Samples, all.Length);
            for (var k = 0; k < n; k++)
            {
                var index = all[((2 * k) + 1) * all.Length / (2 * n)];
                _blocks[index] = _blocks[index] with { Weight = (double)all.Length / n };
                _order.Add(index);
            }
        }

        _order.Sort();
    }

    /// <summary>Cycles that a slot waits for others on its way through the chip when slots follow every <paramref name="interval"/>
    /// cycles.</summary>
    /// <param name="interval">Cycles from slot to slot.</param>
    /// <param name="positions">Attended positions of every slot.</param>
    /// <param name="withOutput">False for prompts: their tokens skip the output, and the last of them has nobody behind it in the last
    /// layer.</param>
    /// <returns>Cycles; infinite when a unit has more work per slot than an interval.</returns>
    public double WaitCycles(long interval, double positions, bool withOutput = true) =>
        WaitCycles(interval, positions, withOutput, default, double.PositiveInfinity);

    // Gives up when the wait is beyond the limit: what it returns then is beyond it too.
    private double WaitCycles(long interval, double positions, bool withOutput, Span<double> perBlock, double limit)
    {
        var size = _tables * _runs;
        Span<int> starts = size <= MostOnStack ? stackalloc int[size] : new int[size];
        Span<int> ends = size <= MostOnStack ? stackalloc int[size] : new int[size];
        Span<int> counts = stackalloc int[_tables];
        counts.Clear();
        Span<long> stepEnds = _steps <= MostOnStack ? stackalloc long[_steps] : new long[_steps];
        double wait = 0,
            walked = 0;
        if (interval > int.MaxValue / 4)
            return 0;
        for (var o = 0; o < _order.Count; o++)
        {
            var block = _blocks[_order[o]];
            counts[CrossingTables..].Clear();
            var base0 = block.HasOutput
                ? (long)(ClosedFormLatency.TokenCycles(Schedule, positions) - block.Lone(positions) + wait)
                : (long)walked;
            var (cycles, alone) = Walk(block, base0, (int)interval, positions, withOutput, starts, ends, counts, stepEnds, default);
            if (cycles < 0)
                return double.PositiveInfinity;
            wait += block.Weight * (cycles - alone);
            if (wait > limit)
                return wait;
            if (perBlock.Length > 0)
                perBlock[o] = block.Weight * (cycles - alone);
            walked += block.Weight * cycles;
        }

        return wait;
    }

    /// <summary>The initiation interval for this number of decoding users: the shortest at which a slot is back when its user's turn comes
    /// again.</summary>
    /// <param name="users">Users, at least 1.</param>
    /// <param name="positions">Attended positions of every user.</param>
    /// <returns>Cycles from slot to slot; users have a token each round of <paramref name="users"/> intervals.</returns>
    public long InitiationInterval(int users, double positions)
    {
        var token = ClosedFormLatency.TokenCycles(Schedule, positions);
        var least = Math.Ceiling(Math.Max(Math.Max(1, ClosedFormLatency.IntervalCycles(Schedule, positions)), token / users));
        var wait = Wait(least, LightWait * token);
        if (token + wait <= users * least)
            return (long)least;
        // Few users hardly meet: an interval that much longer will do.
        if (wait <= LightWait * token)
        {
            var light = Math.Ceiling((token + wait) / users);
            if (token + Wait(light) <= users * light)
                return (long)light;
        }

        // The grid is the same for all contexts, so that the interval stays while contexts grow and the slots keep their places.
        for (var step = (int)Math.Floor(Math.Log(least) * IntervalSteps) + 1; ; step++)
        {
            var interval = Math.Ceiling(Math.Exp(step / (double)IntervalSteps));
            if (token + Wait(interval) <= users * interval)
                return (long)interval;
        }

        double Wait(double interval, double atLeast = 0) =>
            WaitCycles((long)interval, positions, true, default, Math.Max((users * interval) - token, atLeast));
    }

    /// <summary>How much longer than the minimum the initiation interval of a prompt is: a short prompt ends earlier when its tokens leave
    /// one another more room.</summary>
    /// <param name="tokens">Prompt tokens.</param>
    /// <param name="startingContext">Positions before the prompt.</param>
    /// <returns>Factor on the interval, 1 or more, and the cycles that the last token then waits on its way.</returns>
    public (double Factor, double WaitCycles) Stream(int tokens, int startingContext) =>
        Stream(tokens, startingContext, ClosedFormLatency.StreamCycles(Schedule, startingContext, tokens - 1));

    // The stream is the sum of the intervals of all tokens but the last.
    internal (double Factor, double WaitCycles) Stream(int tokens, int startingContext, double stream)
    {
        if (tokens < 2)
            return (1, 0);
        var best = (Factor: StreamFactor(0), Wait: StreamWait(0, startingContext, tokens));
        var least = best.Wait + (stream * (StreamFactor(0) - 1));
        for (var step = 1; step <= 4 * StepsPerOctave; step++)
        {
            var factor = StreamFactor(step);
            var longer = stream * (factor - 1);
            if (longer >= least || best.Wait == 0)
                break;
            var wait = StreamWait(step, startingContext, tokens);
            if (longer + wait < least)
                (best, least) = ((factor, wait), longer + wait);
        }

        return best;
    }

    // A token that is held up in a block keeps all behind it one interval away, so of every block the worst position of the prompt counts.
    // Waits of a grid of positions are remembered.
    private double StreamWait(int step, int startingContext, int tokens)
    {
        var last = (int)Math.Floor(PositionSteps * Math.Log2((double)startingContext + tokens));
        if (startingContext > 0)
            return WorstWait(step, startingContext, last);
        // Most prompts begin at the first position; one more than the wait is remembered, so that nought is unknown.
        ref var known = ref _freshWaits[(step * MostPositions) + last];
        if (known == 0)
            known = 1 + WorstWait(step, startingContext, last);
        return known - 1;
    }

    private double WorstWait(int step, int startingContext, int last)
    {
        Span<double> most = _order.Count <= MostOnStack ? stackalloc double[_order.Count] : new double[_order.Count];
        most.Clear();
        for (var k = Math.Min(last, (int)Math.Ceiling(PositionSteps * Math.Log2(startingContext + 1.0))); k <= last; k++)
        {
            // Threads that meet here write the same.
            var waits = _streamWaits[(step * MostPositions) + k] ??= Waits(k);
            for (var b = 0; b < waits.Length; b++)
                most[b] = Math.Max(most[b], waits[b]);
        }

        var sum = 0.0;
        foreach (var wait in most)
            sum += wait;
        return sum;

        double[] Waits(int k)
        {
            var positions = Math.Round(Math.Pow(2, k / (double)PositionSteps));
            var interval = Math.Ceiling(ClosedFormLatency.IntervalCycles(Schedule, positions, withOutput: false) * StreamFactor(step));
            var waits = new double[_order.Count];
            WaitCycles((long)Math.Max(1, interval), positions, false, waits, double.PositiveInfinity);
            return waits;
        }
    }

    private int StepsPerOctave => _manyLayers ? 8 : 4;

    private double StreamFactor(int step) =>
        (_manyLayers ? LeastStreamOfManyLayers : LeastStream) * Math.Pow(2, step / (double)StepsPerOctave);

    /// <summary>Times of all phases of a slot after its entry into the chip.</summary>
    /// <param name="interval">Cycles from slot to slot.</param>
    /// <param name="positions">Attended positions of every slot.</param>
    public IReadOnlyList<TimetableRow> Rows(long interval, double positions)
    {
        var rows = new List<TimetableRow>();
        var (starts, ends, counts, stepEnds) = (new int[_tables * _runs], new int[_tables * _runs], new int[_tables], new long[_steps]);
        long at = 0;
        var times = new (long Ready, long End)[_steps];
        foreach (var block in _blocks)
        {
            counts.AsSpan(CrossingTables).Clear();
            var (cycles, _) = Walk(
                block,
                at,
                (int)Math.Min(interval, int.MaxValue / 4),
                positions,
                true,
                starts,
                ends,
                counts,
                stepEnds,
                times
            );
            if (cycles < 0)
                return [];
            for (var i = 0; i < block.Steps.Length; i++)
            {
                var step = block.Steps[i];
                var phase = i - step.StageFirst;
                rows.Add(
                    new TimetableRow(
                        step.Stage,
                        phase,
                        at + times[i].Ready,
                        at + times[i].End,
                        times[i].End - times[i].Ready - (long)Schedule.Stages[step.Stage].Phases[phase].Cycles(positions)
                    )
                );
            }

            at += cycles;
        }

        return rows;
    }

    // One walk over the phases of a block on the circles of its shared resources. Negative when a unit is too busy.
    private (long Cycles, long Alone) Walk(
        Block block,
        long at,
        int interval,
        double positions,
        bool withOutput,
        Span<int> starts,
        Span<int> ends,
        Span<int> counts,
        Span<long> stepEnds,
        (long Ready, long End)[]? times
    )
    {
        long stageStart = 0,
            stageEnd = 0,
            alone = 0,
            previous = 0;
        var steps = block.Steps;
        var stop = withOutput ? steps.Length : block.PromptSteps;
        for (var i = 0; i < steps.Length; i++)
        {
            ref readonly var step = ref steps[i];
            if (i == stop)
                break;
            if (step.First)
                stageStart = stageEnd;
            var ready = step.Ready(stageStart, previous, stepEnds);
            var longest = step.Own;
            var end = ready + longest;
            foreach (ref readonly var use in step.Uses.AsSpan())
            {
                var cycles = use.Cycles(positions);
                longest = Math.Max(longest, cycles);
                var delay = cycles;
                if (use.Table >= 0)
                {
                    var t = use.Table * _runs;
                    delay = Take(
                        starts.Slice(t, _runs),
                        ends.Slice(t, _runs),
                        ref counts[use.Table],
                        (int)((uint)(at + ready) % (uint)interval),
                        cycles,
                        interval
                    );
                    if (delay < 0)
                        return (-1, 0);
                }

                end = Math.Max(end, ready + delay);
            }

            end += step.Fill;
            // Exact for chains, which all compiled stages are.
            alone += longest + step.Fill;
            stepEnds[i] = end;
            previous = end;
            stageEnd = Math.Max(stageEnd, end);
            if (times is not null)
                times[i] = (ready, end);
        }

        return (stageEnd, alone);
    }

    // Takes the first free cycles of a circle from a place on, and says after how many cycles the last of them has passed. All cycles in
    // between are taken then.
    private static long Take(Span<int> starts, Span<int> ends, ref int count, int from, long cycles, int interval)
    {
        var need = cycles;
        var at = from;
        long delay = 0;
        var wrapped = false;
        var i = 0;
        while (i < count && ends[i] <= at)
            i++;
        while (true)
        {
            var until = i < count ? starts[i] : interval;
            if (until > at)
            {
                var free = until - at;
                if (need <= free)
                {
                    delay += need;
                    break;
                }

                need -= free;
                delay += free;
                at = until;
            }

            if (i < count)
            {
                delay += ends[i] - at;
                at = ends[i++];
            }
            else
            {
                if (wrapped)
                    return -1;
                wrapped = true;
                (at, i) = (0, 0);
            }

            if (delay > interval)
                return -1;
        }

        if (delay > interval)
            return -1;
        if (from + delay <= interval)
        {
            Cover(starts, ends, ref count, from, (int)(from + delay));
        }
        else
        {
            Cover(starts, ends, ref count, from, interval);
            Cover(starts, ends, ref count, 0, (int)(from + delay - interval));
        }

        return delay;
    }

    // Marks [from, to) taken and joins what touches it.
    private static void Cover(Span<int> starts, Span<int> ends, ref int count, int from, int to)
    {
        var first = 0;
        while (first < count && ends[first] < from)
            first++;
        var last = first;
        while (last < count && starts[last] <= to)
        {
            from = Math.Min(from, starts[last]);
            to = Math.Max(to, ends[last]);
            last++;
        }

        if (last == first)
        {
            starts[first..count].CopyTo(starts[(first + 1)..]);
            ends[first..count].CopyTo(ends[(first + 1)..]);
            count++;
        }
        else if (last > first + 1)
        {
            starts[last..count].CopyTo(starts[(first + 1)..]);
            ends[last..count].CopyTo(ends[(first + 1)..]);
            count -= last - first - 1;
        }

        (starts[first], ends[first]) = (from, to);
    }

    private readonly struct Use
    {
        private readonly Demand _demand;
        private readonly long _fixed;

        public Use(Demand demand, int table)
        {
            (_demand, Table) = (demand, table);
            _fixed = demand.ItemsPerPosition == 0 ? (long)demand.Cycles(0) : -1;
        }

        public int Table { get; }

        public long Cycles(double positions) => _fixed >= 0 ? _fixed : (long)_demand.Cycles(positions);
    }

    /// <param name="Uses">Demands of shared resources and those that grow with the context.</param>
    /// <param name="After">Steps of the block to wait for; null: the step before.</param>
    /// <param name="StageFirst">First step of the stage.</param>
    /// <param name="First">Whether it begins a stage.</param>
    /// <param name="Own">Cycles of the longest of the other demands.</param>
    /// <param name="Fill">Fill cycles.</param>
    /// <param name="Stage">Stage of the schedule.</param>
    private readonly record struct Step(Use[] Uses, int[]? After, int StageFirst, bool First, long Own, long Fill, int Stage)
    {
        // When a step can start: after the steps that it waits for, or after the one before it.
        public long Ready(long stageStart, long previous, ReadOnlySpan<long> stepEnds)
        {
            if (After is null)
                return First ? stageStart : previous;
            var ready = stageStart;
            foreach (var a in After)
                ready = Math.Max(ready, stepEnds[a]);
            return ready;
        }
    }

    private sealed record Block(Step[] Steps, string Kinds, bool HasOutput)
    {
        /// <summary>Blocks of the chip that this one stands for.</summary>
        public double Weight { get; init; }

        /// <summary>Steps before the last layer: behind the last prompt token nobody comes who could take anything from it there.</summary>
        public int PromptSteps { get; } = HasOutput ? Array.FindIndex(Steps, s => s.Stage >= Steps[^1].Stage - 1) : Steps.Length;

        public double Lone(double positions)
        {
            double sum = 0;
            foreach (var step in Steps)
            {
                var longest = step.Own;
                foreach (var use in step.Uses)
                    longest = Math.Max(longest, use.Cycles(positions));
                sum += longest + step.Fill;
            }

            return sum;
        }
    }
}
