using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Timing;

/// <summary>Phases of one stage in a chain: each waits for the one before.</summary>
internal sealed class StageBuilder(ChipPlan plan, FabricSpec fabric, int die, int region, StageRegion size)
{
    private readonly List<Phase> _phases = [];

    /// <summary>Dies that share every matrix.</summary>
    public int Ways => fabric.System.TensorParallelDies;

    /// <summary>Steps of a tree over the dies of a group.</summary>
    public double TreeSteps => Log2(Ways);

    /// <summary>Bits of one element of the residual stream.</summary>
    public int ResidualBits => fabric.Numerics.VectorBits;

    /// <summary>Adds up a vector over the dies of a group.</summary>
    public void AllReduce(string name, double elements) => Exchange(name, 2 * TreeSteps, 2 * (Ways - 1.0) / Ways * elements * ResidualBits);

    /// <summary>Steps among the dies of a group, which move this number of bits over each die's link; nothing without tensor
    /// partition.</summary>
    public void Exchange(string name, double steps, double bits)
    {
        if (Ways > 1)
            Cross(name, die / fabric.DiesPerPackage == (die + Ways - 1) / fabric.DiesPerPackage, steps, bits);
    }

    /// <summary>Bits from one die to another, inside a package or between packages.</summary>
    public void Cross(string name, bool inPackage, double steps, double bits)
    {
        if (inPackage)
        {
            Add(
                name,
                FabricUnit.DieLink,
                steps * fabric.Network.DieToDieCycles,
                new Demand
                {
                    Resource = new(FabricUnit.DieLink, die),
                    Items = bits,
                    ItemsPerCycle = fabric.Network.DieToDieBits,
                    BitsPerItem = 1,
                }
            );
            return;
        }

        var link = fabric.System.Link
            ?? throw new InputException(
                $"fabric {fabric.Name}: {fabric.Packages} packages need system.link (gb_per_second, latency_ns, pj_per_bit)"
            );
        Add(
            name,
            FabricUnit.PackageLink,
            steps * link.LatencyNs * fabric.ClockGhz,
            new Demand
            {
                Resource = new(FabricUnit.PackageLink, die),
                Items = bits,
                ItemsPerCycle = link.GbPerSecond * 8 / fabric.ClockGhz,
                BitsPerItem = 1,
            }
        );
    }

    public double LaneTree => Log2(size.Lanes);

    public double VectorFill => fabric.Vector.PipelineCycles;

    public double ScalarFill => fabric.Vector.PipelineCycles + fabric.Vector.ScalarFunctionCycles;

    public Phase[] ToArray() => [.. _phases];

    public void Add(string name, FabricUnit unit, double fill, params Demand[] demands) =>
        _phases.Add(
            new Phase
            {
                Name = name,
                Unit = unit,
                FillCycles = fill,
                After = _phases.Count == 0 ? [] : [_phases.Count - 1],
                Demands = demands,
            }
        );

    /// <summary>A row of a table is a column of its matrix: every bank of its output segment reads all rows and passes one code
    /// on.</summary>
    public void Read(string name, MatrixPlan table) =>
        Add(
            name,
            FabricUnit.Bank,
            ProductFill(table.Hops),
            new Demand
            {
                Resource = new(FabricUnit.Bank, table.Id),
                Items = table.RowsPerPass,
                ItemsPerCycle = 1,
                BitsPerItem = table.InputSegments * WeightBits(table),
            }
        );

    /// <summary>Root-mean-square norm: one pass for the squares, one for the scaling. The passes do not share a cycle.</summary>
    public void Norm(string name, double elements)
    {
        var once = Lanes(elements);
        var unused = (2 * once.Cycles(0)) - Lanes(2 * elements).Cycles(0);
        Add(name, FabricUnit.Vector, (2 * VectorFill) + fabric.Vector.ScalarFunctionCycles + LaneTree + unused, Lanes(2 * elements));
    }

    /// <summary>Activation quantisation: the largest magnitude is found as the elements arrive, then one pass scales and
    /// rounds.</summary>
    public void Quantise(string name, double elements) => Add(name, FabricUnit.Vector, ScalarFill + LaneTree, Lanes(elements));

    public Demand Lanes(double elements, double perPosition = 0, int window = 0) =>
        new()
        {
            Resource = new(FabricUnit.Vector, region),
            Items = elements,
            ItemsPerPosition = perPosition,
            ItemsPerCycle = size.Lanes,
            BitsPerItem = 32,
            Window = window,
        };

    public Demand Kv(double bits, double bitsPerPosition, int window) =>
        new()
        {
            Resource = new(FabricUnit.KvSram, region),
            Items = bits,
            ItemsPerPosition = bitsPerPosition,
            ItemsPerCycle = size.KvBitsPerCycle,
            BitsPerItem = 1,
            Window = window,
        };

    public Demand Links(double bits) =>
        new()
        {
            Resource = new(FabricUnit.Network, region),
            Items = bits,
            ItemsPerCycle = size.LinkBitsPerCycle,
            BitsPerItem = 1,
        };

    public double ProductFill(int hops) => (hops * fabric.Network.CyclesPerHop) + fabric.Bank.PipelineCycles;

    public double WeightBits(MatrixPlan matrix) => Formats.CodeFormats.Named(matrix.Format).BitsPerWeight;

    /// <summary>Products of matrices side by side. The first phase reads their rows; the broadcast goes once to matrices with the same
    /// inputs. In the second the sums come through the reduction trees and over the links of the region.</summary>
    /// <param name="name">Name of the first phase.</param>
    /// <param name="collect">Name of the second.</param>
    /// <param name="matrices">Matrices, routed experts among them.</param>
    /// <param name="experts">Routed experts of the layer.</param>
    /// <param name="used">How many of them a token uses.</param>
    /// <param name="sampler">What the sampler takes of the sums as they come.</param>
    public void Multiply(
        string name,
        string collect,
        IReadOnlyList<MatrixPlan> matrices,
        int experts = 0,
        int used = 0,
        Demand? sampler = null
    )
    {
        var groups = Groups(matrices, experts, used).ToArray();
        var rows = groups.Select(Rows).ToArray();
        var sums = groups.Select(Sums).ToArray();
        // Each group has its sums by itself, the nearest first.
        var ends = groups.Select((g, i) => ProductFill(g.Hops) + rows[i].Cycles(0)).ToArray();
        var last = ends.Max();
        var streams = groups
            .SelectMany((g, i) => Streams(g, ends[i] - last))
            .GroupBy(s => (s.First, s.Beats), s => s.Segments)
            .Select(g => new BeatStream(g.Key.First, g.Key.Beats, g.Sum()))
            .ToArray();
        var beatsPerCycle = size.LinkBitsPerCycle / fabric.Network.LinkBits;
        if (sampler is not null)
            beatsPerCycle = Math.Min(beatsPerCycle, sampler.ItemsPerCycle * sampler.BitsPerItem / fabric.Network.LinkBits);
        Demand[] taken = sampler is null
            ? [.. sums, Outputs(matrices, experts, used)]
            : [.. sums, Outputs(matrices, experts, used), sampler];
        var filled = BeatStream.End(streams, beatsPerCycle) - taken.Max(d => d.Cycles(0));
        // Where near matrices are through the links before the far ones have their sums, the phases overlap.
        var overlap = Math.Max(0, -filled);
        Product(name, matrices, rows, Broadcast(matrices, experts, used), last - rows.Max(r => r.Cycles(0)) - overlap);
        Collect(collect, matrices, taken, Math.Max(0, filled), sampler is null ? 0 : fabric.Sampler.PipelineCycles);
    }

    private void Product(string name, IReadOnlyList<MatrixPlan> matrices, Demand[] rows, Demand broadcast, double fill)
    {
        // A x of adapters is formed at the SRAM ports while the banks form W x.
        var (adapters, bits) = Adapters(matrices, a => a.BytesA);
        Add(
            name,
            FabricUnit.Bank,
            adapters ? Math.Max(fill, SramFill(matrices.Max(p => p.Inputs))) : fill,
            [.. rows, broadcast, .. (adapters ? new[] { Kv(bits, 0, 0) } : [])]
        );
    }

    private void Collect(string name, IReadOnlyList<MatrixPlan> matrices, Demand[] taken, double way, double sampler)
    {
        // B (A x) follows at the SRAM ports while the sums are collected; the lanes scale and add it.
        var (adapters, adapterBits) = Adapters(matrices, a => a.BytesB);
        if (!adapters)
        {
            Add(name, FabricUnit.Reduction, way + sampler, taken);
            return;
        }

        var rank = plan.Adapters.Max(a => a.Rank);
        var outputs = plan.Adapters.Where(a => matrices.Any(p => p.Id == a.Matrix)).Sum(a => (double)plan.Matrices[a.Matrix].Outputs);
        Add(
            name,
            FabricUnit.Reduction,
            Math.Max(way, SramFill(rank)) + VectorFill + sampler,
            [.. taken, Kv(adapterBits, 0, 0), Lanes(2 * outputs / Ways)]
        );
    }

    private Demand Rows(PortGroup group) =>
        new()
        {
            Resource = new(FabricUnit.Bank, group.Matrix.Id),
            Items = fabric
                .BankFor(group.Matrix.Role == MatrixRole.Router)
                .PassCycles(group.Matrix.RowsPerPass, fabric.Numerics.ActivationBits),
            ItemsPerCycle = 1,
            BitsPerItem = group.Matrix.Banks * group.Matrix.BankColumns * WeightBits(group.Matrix),
            Alternatives = group.Alternatives,
            Used = group.Used,
        };

    private Demand Sums(PortGroup group) =>
        new()
        {
            Resource = new(FabricUnit.Reduction, group.Matrix.Id),
            Items = (double)Math.Min(group.Matrix.BankColumns, group.Matrix.Outputs) * fabric.Network.PartialSumBits,
            ItemsPerCycle = fabric.Network.LinkBits,
            BitsPerItem = group.Matrix.Banks,
            Alternatives = group.Alternatives,
            Used = group.Used,
        };

    private Demand Broadcast(IReadOnlyList<MatrixPlan> matrices, int experts, int used)
    {
        var inputs =
            matrices.Select(p => HasOwnInput(p) ? 0 : p.Inputs).DefaultIfEmpty(0).Max()
            + Used([.. matrices.Where(HasOwnInput)], experts, used, p => p.Inputs);
        return Links(inputs / (matrices.All(p => p.Role.IsCutAlongInputs() || IsOfHead(p)) ? Ways : 1) * fabric.Numerics.ActivationBits);
    }

    // Dies that hold some of the inputs hand over sums of all outputs; dies that hold some of the outputs only these.
    private Demand Outputs(IReadOnlyList<MatrixPlan> matrices, int experts, int used) =>
        Links(
            Used(matrices, experts, used, p => p.Outputs)
                / (matrices.All(p => p.Role.IsCutAlongInputs()) ? 1 : Ways)
                * fabric.Network.PartialSumBits
        );

    // One stream of beats for each output segment: full segments, and the last when it is narrower.
    private IEnumerable<BeatStream> Streams(PortGroup group, double end)
    {
        var (matrix, network) = (group.Matrix, fabric.Network);
        var first = end + (Levels(matrix) * network.ReductionCyclesPerLevel) + (group.Hops * network.CyclesPerHop);
        var (full, rest) = Math.DivRem(matrix.Outputs, matrix.BankColumns);
        var share = (double)group.Used / (matrix.Role.IsCutAlongInputs() ? 1 : Ways);
        double Beats(int columns) => Math.Ceiling((double)columns * network.PartialSumBits / network.LinkBits);
        if (full > 0)
            yield return new BeatStream(first, Beats(matrix.BankColumns), full * share);
        if (rest > 0)
            yield return new BeatStream(first, Beats(rest), share);
    }

    private double SramFill(double elements) => fabric.KvSram.LatencyCycles + fabric.Vector.PipelineCycles + Log2(elements);

    private (bool Any, double Bits) Adapters(IReadOnlyList<MatrixPlan> matrices, Func<AdapterPlan, long> bytes)
    {
        var mine = plan.Adapters.Where(a => matrices.Any(p => p.Id == a.Matrix)).ToArray();
        return (mine.Length > 0, mine.Sum(a => 8.0 * bytes(a)) / Ways);
    }

    /// <summary>Sum over matrices of a size, where of routed experts only the used ones count.</summary>
    public double Used(IReadOnlyList<MatrixPlan> matrices, int experts, int used, Func<MatrixPlan, double> size) =>
        matrices.Sum(p => size(p) * (IsExpert(p) && experts > 0 ? (double)used / experts : 1));

    // Routed experts of a role are alternatives, of which the farthest stands for all.
    private static IEnumerable<PortGroup> Groups(IReadOnlyList<MatrixPlan> matrices, int experts, int used)
    {
        foreach (var role in matrices.GroupBy(p => p.Role))
            if (IsExpert(role.First()) && experts > 0)
                yield return new PortGroup(
                    role.MaxBy(p => p.RowsPerPass)!,
                    role.Max(p => p.Hops),
                    [.. role.Select(p => p.Id)],
                    Math.Min(used, role.Count())
                );
            else
                foreach (var matrix in role)
                    yield return new PortGroup(matrix, matrix.Hops, [], 1);
    }

    private readonly record struct PortGroup(MatrixPlan Matrix, int Hops, IReadOnlyList<int> Alternatives, int Used);

    private double Levels(MatrixPlan matrix) =>
        matrix.Role.IsCutAlongInputs() ? Log2(Math.Ceiling((double)matrix.InputSegments / Ways)) : matrix.ReductionLevels;

    private static bool IsOfHead(MatrixPlan matrix) => matrix.Role is MatrixRole.LatentKey or MatrixRole.LatentValue;

    // Other matrices of a product share one.
    private static bool HasOwnInput(MatrixPlan matrix) =>
        IsOfHead(matrix) || matrix.Role is MatrixRole.ExpertDown or MatrixRole.SharedDown or MatrixRole.Down;

    private static bool IsExpert(MatrixPlan matrix) => matrix.Role is MatrixRole.ExpertGate or MatrixRole.ExpertUp or MatrixRole.ExpertDown;

    /// <summary>Levels of a binary tree over this number.</summary>
    public static double Log2(double n) => n <= 1 ? 0 : Math.Ceiling(Math.Log2(n));

    /// <summary>The one matrix of a role.</summary>
    /// <exception cref="InputException">The chip has none.</exception>
    public static MatrixPlan Matrix(ChipPlan plan, MatrixRole role) =>
        plan.Matrices.FirstOrDefault(p => p.Role == role)
        ?? throw new InputException(
            $"{plan.Model.Name}: no matrix of role {UnderscoredNames.Instance.Apply(role.ToString())}, "
                + "so no token to time; compile the model again"
        );
}
