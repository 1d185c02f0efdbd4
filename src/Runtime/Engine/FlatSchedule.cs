using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Engine;

/// <summary>A token schedule as arrays: phases and demands of all stages one after another, resources numbered from 0.</summary>
internal sealed class FlatSchedule
{
    private readonly Dictionary<Resource, int> _numbers = [];
    private readonly List<Resource> _resources = [];
    private readonly List<int> _pool = [];

    public FlatSchedule(TokenSchedule schedule)
    {
        Source = schedule;
        Stages = schedule.Stages.Count;
        if (Stages < 2)
            throw new ArgumentException("a schedule has at least a first stage and the output", nameof(schedule));
        StageBegin = new int[Stages + 1];
        Experts = new int[Stages];
        Used = new int[Stages];
        for (var s = 0; s < Stages; s++)
        {
            var phases = schedule.Stages[s].Phases;
            if (phases.Count == 0)
                throw new ArgumentException($"stage {schedule.Stages[s].Name} has no phases", nameof(schedule));
            StageBegin[s + 1] = StageBegin[s] + phases.Count;
            MaximumPhases = Math.Max(MaximumPhases, phases.Count);
        }

        var all = StageBegin[Stages];
        Phases = [.. schedule.Stages.SelectMany(s => s.Phases)];
        Fill = [.. Phases.Select(p => (long)Math.Ceiling(p.FillCycles))];
        Unit = [.. Phases.Select(p => (byte)p.Unit)];
        Names = [.. Phases.Select(p => p.Name).Distinct(StringComparer.Ordinal)];
        var nameNumbers = Names.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => p.i, StringComparer.Ordinal);
        Name = [.. Phases.Select(p => nameNumbers[p.Name])];
        After = [.. Phases.Select(p => p.After.ToArray())];
        Next = new int[all][];
        DemandBegin = new int[all + 1];
        Demands = NumberDemands(schedule);
        Pool = [.. _pool];
        Resources = [.. _resources];
        MaximumUsed = Used.Max();
        Shared = FindShared();
    }

    /// <summary>The schedule itself.</summary>
    public TokenSchedule Source { get; }

    /// <summary>Per resource whether more than one demand takes it.</summary>
    public bool[] Shared { get; }

    /// <summary>Number of stages.</summary>
    public int Stages { get; }

    /// <summary>First phase of each stage, and one past the last: [stages + 1].</summary>
    public int[] StageBegin { get; }

    /// <summary>Most phases of a stage.</summary>
    public int MaximumPhases { get; }

    /// <summary>Most resources that a token takes in one phase.</summary>
    public int MaximumJobs { get; private set; } = 1;

    /// <summary>Phases of all stages; the following arrays run along it.</summary>
    public Phase[] Phases { get; }

    /// <summary>Cycles that the pipelines of a phase take to fill, rounded up.</summary>
    public long[] Fill { get; }

    /// <summary>Unit of a phase.</summary>
    public byte[] Unit { get; }

    /// <summary>Index into <see cref="Names"/>.</summary>
    public int[] Name { get; }

    /// <summary>Different names of phases.</summary>
    public string[] Names { get; }

    /// <summary>Phases of the same stage to wait for, as indices in the stage.</summary>
    public int[][] After { get; }

    /// <summary>Phases of the same stage that wait, as indices in the stage.</summary>
    public int[][] Next { get; }

    /// <summary>First demand of each phase, and one past the last: [phases + 1].</summary>
    public int[] DemandBegin { get; }

    /// <summary>Demands of all phases.</summary>
    public FlatDemand[] Demands { get; }

    /// <summary>Resource numbers, shared by demands.</summary>
    public int[] Pool { get; }

    /// <summary>Resources by number.</summary>
    public Resource[] Resources { get; }

    /// <summary>Routed experts per stage, 0 for none.</summary>
    public int[] Experts { get; }

    /// <summary>Routed experts that a token uses, per stage.</summary>
    public int[] Used { get; }

    /// <summary>Most routed experts that a token uses in a stage.</summary>
    public int MaximumUsed { get; }

    private FlatDemand[] NumberDemands(TokenSchedule schedule)
    {
        var demands = new List<FlatDemand>();
        for (var s = 0; s < Stages; s++)
        {
            var count = StageBegin[s + 1] - StageBegin[s];
            for (var p = 0; p < count; p++)
            {
                var phase = StageBegin[s] + p;
                if (After[phase].Any(a => a < 0 || a >= p))
                    throw new ArgumentException(
                        $"phase {Phases[phase].Name} of {schedule.Stages[s].Name} waits for itself or a later phase",
                        nameof(schedule)
                    );
                Next[phase] = [.. Enumerable.Range(p + 1, count - p - 1).Where(q => After[StageBegin[s] + q].Contains(p))];
                foreach (var demand in Phases[phase].Demands)
                    Add(demands, demand, s);
                DemandBegin[phase + 1] = demands.Count;
                MaximumJobs = Math.Max(MaximumJobs, demands.Skip(DemandBegin[phase]).Sum(d => Math.Max(1, d.Used)));
            }
        }

        return [.. demands];
    }

    private bool[] FindShared()
    {
        var shared = new bool[Resources.Length];
        var visitor = new int[Resources.Length];
        for (var phase = 0; phase < Phases.Length; phase++)
        for (var d = DemandBegin[phase]; d < DemandBegin[phase + 1]; d++)
        for (var i = 0; i < Math.Max(1, Demands[d].Source.Alternatives.Count); i++)
        {
            var resource = Pool[Demands[d].Pool + i];
            shared[resource] |= visitor[resource] != 0;
            visitor[resource] = phase + 1;
        }

        return shared;
    }

    private void Add(List<FlatDemand> demands, Demand demand, int stage)
    {
        // What moves nothing holds nothing.
        if (demand.Items == 0 && demand.ItemsPerPosition == 0)
            return;
        var begin = _pool.Count;
        var unit = demand.Resource.Unit;
        var alternatives = demand.Alternatives.Count;
        if (alternatives == 0)
        {
            _pool.Add(Number(demand.Resource));
        }
        else
        {
            if (
                demand.Used < 1
                || demand.Used > alternatives
                || (Experts[stage] != 0 && (Experts[stage] != alternatives || Used[stage] != demand.Used))
            )
                throw new ArgumentException(
                    $"stage {stage}: {demand.Used} of {alternatives} alternatives, which differs from the stage's others or is out of "
                        + "range",
                    nameof(demand)
                );
            (Experts[stage], Used[stage]) = (alternatives, demand.Used);
            foreach (var index in demand.Alternatives)
                _pool.Add(Number(new Resource(unit, index)));
        }

        demands.Add(
            new FlatDemand
            {
                Source = demand,
                Pool = begin,
                Used = alternatives == 0 ? 0 : demand.Used,
                Unit = (byte)unit,
                FixedCycles = demand.ItemsPerPosition == 0 ? (long)demand.Cycles(0) : -1,
            }
        );
    }

    private int Number(Resource resource)
    {
        if (!_numbers.TryGetValue(resource, out var number))
        {
            _numbers.Add(resource, number = _resources.Count);
            _resources.Add(resource);
        }

        return number;
    }
}
