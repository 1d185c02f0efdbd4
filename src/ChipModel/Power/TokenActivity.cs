using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Power;

/// <summary>Events of one answer token: how often each energy is spent. Counted once per chip from its matrices; the part that grows with
/// context comes from the schedule.</summary>
public readonly record struct TokenActivity
{
    /// <summary>Bits read from ROM, scales and unused columns of partly filled banks included.</summary>
    public required double RomBits { get; init; }

    /// <summary>Rows read: one activation formed into all products in one bank.</summary>
    public required double RowReads { get; init; }

    /// <summary>Selections and additions: rows read times columns of their banks.</summary>
    public required double ColumnOperations { get; init; }

    /// <summary>Bits added and registered in reduction trees.</summary>
    public required double ReductionBits { get; init; }

    /// <summary>Bits times site pitches that partial sums travel between banks.</summary>
    public required double ReductionBitSites { get; init; }

    /// <summary>Bits times hops on the network: activations out, outputs back, the way to the next layer.</summary>
    public required double NetworkBitHops { get; init; }

    /// <summary>Logits through the sampler.</summary>
    public required double Logits { get; init; }

    /// <summary>Bits over die-to-die links.</summary>
    public required double DieLinkBits { get; init; }

    /// <summary>Bits over links between packages.</summary>
    public double PackageLinkBits { get; init; }

    /// <summary>Query heads that meet one KV element in one read.</summary>
    public required double QueriesPerRead { get; init; }

    /// <summary>Multiplications of adapters in SRAM.</summary>
    public required double AdapterMultiplications { get; init; }

    /// <summary>Stored bits of adapters that meet an activation.</summary>
    public required double AdapterBits { get; init; }

    /// <summary>The same where positions of a canvas share reads of the weights.</summary>
    /// <param name="reads">Reads of a bank for one position, at most 1.</param>
    public TokenActivity Sharing(double reads) => this with { RomBits = RomBits * reads };

    /// <summary>The same with the events of banks weighed by what data move: reads by stored ones, broadcasts by activation toggles,
    /// columns by their own toggles over those of random data. Clocks of a column's registers take what they take.</summary>
    /// <param name="data">What data move.</param>
    /// <param name="clocked">Share of a column's energy that clocks take, 0…1.</param>
    public TokenActivity Moved(DataToggles data, double clocked) =>
        this with
        {
            RomBits = RomBits * data.StoredOnes / DataToggles.RandomShare,
            RowReads = RowReads * data.ActivationToggles / DataToggles.RandomShare,
            ColumnOperations = ColumnOperations * (clocked + ((1 - clocked) * data.ColumnToggles / DataToggles.RandomShare)),
        };

    /// <summary>The same events this often.</summary>
    public TokenActivity Times(double count) =>
        this with
        {
            RomBits = RomBits * count,
            RowReads = RowReads * count,
            ColumnOperations = ColumnOperations * count,
            ReductionBits = ReductionBits * count,
            ReductionBitSites = ReductionBitSites * count,
            NetworkBitHops = NetworkBitHops * count,
            Logits = Logits * count,
            DieLinkBits = DieLinkBits * count,
            PackageLinkBits = PackageLinkBits * count,
            AdapterMultiplications = AdapterMultiplications * count,
            AdapterBits = AdapterBits * count,
        };

    /// <summary>These events and others.</summary>
    public TokenActivity Plus(in TokenActivity other) =>
        this with
        {
            RomBits = RomBits + other.RomBits,
            RowReads = RowReads + other.RowReads,
            ColumnOperations = ColumnOperations + other.ColumnOperations,
            ReductionBits = ReductionBits + other.ReductionBits,
            ReductionBitSites = ReductionBitSites + other.ReductionBitSites,
            NetworkBitHops = NetworkBitHops + other.NetworkBitHops,
            Logits = Logits + other.Logits,
            DieLinkBits = DieLinkBits + other.DieLinkBits,
            PackageLinkBits = PackageLinkBits + other.PackageLinkBits,
            AdapterMultiplications = AdapterMultiplications + other.AdapterMultiplications,
            AdapterBits = AdapterBits + other.AdapterBits,
        };

    /// <summary>Events of the quantile head of a model of patches, for the one token that meets it.</summary>
    /// <param name="plan">Matrices.</param>
    public static TokenActivity OfQuantiles(ChipPlan plan) => OfMatrices(plan, role => role.IsOfQuantiles());

    /// <summary>Counts of a chip.</summary>
    /// <param name="plan">Matrices.</param>
    /// <param name="schedule">Phases.</param>
    /// <param name="withOutput">False for prompt tokens, which skip output matrix and sampler.</param>
    public static TokenActivity Of(ChipPlan plan, TokenSchedule schedule, bool withOutput = true)
    {
        var (model, fabric) = (plan.Model, plan.Fabric);
        var matrices = OfMatrices(plan, role => !role.IsOfQuantiles() && (withOutput || !role.IsOfOutput()));
        double forward = 0,
            dieLinks = 0,
            packageLinks = 0;
        foreach (var phase in schedule.Stages.SelectMany(s => s.Phases))
        {
            if (phase.Unit == FabricUnit.Network)
                forward += phase.Demands[0].Bits(1) * phase.FillCycles / fabric.Network.CyclesPerHop;
            else if (phase.Unit == FabricUnit.DieLink)
                dieLinks += phase.Demands[0].Bits(1);
            else if (phase.Unit == FabricUnit.PackageLink)
                packageLinks += phase.Demands[0].Bits(1);
        }

        return matrices with
        {
            NetworkBitHops = matrices.NetworkBitHops + (forward * schedule.DiesPerStage),
            Logits = withOutput && model.Patches is null ? model.VocabularySize : 0,
            DieLinkBits = dieLinks * schedule.DiesPerStage,
            PackageLinkBits = packageLinks * schedule.DiesPerStage,
            AdapterMultiplications = plan.Adapters.Sum(a =>
                (double)a.Rank * (plan.Matrices[a.Matrix].Inputs + plan.Matrices[a.Matrix].Outputs)
            ),
            AdapterBits = 8.0 * plan.AdapterBytes,
            QueriesPerRead = Queries(model, fabric),
        };
    }

    // Events of matrices alone.
    private static TokenActivity OfMatrices(ChipPlan plan, Func<MatrixRole, bool> counted)
    {
        var counts = new MatrixCounts(plan.Model, plan.Fabric);
        foreach (var matrix in plan.Matrices.Where(p => counted(p.Role)))
        {
            if (matrix.Role.IsRead())
                counts.AddEmbedding(matrix);
            else
                counts.AddProduct(matrix);
        }

        return new TokenActivity
        {
            RomBits = counts.RomBits,
            RowReads = counts.RowReads,
            ColumnOperations = counts.ColumnOperations,
            ReductionBits = counts.ReductionBits,
            ReductionBitSites = counts.ReductionBitSites,
            NetworkBitHops = counts.NetworkBitHops,
            Logits = 0,
            DieLinkBits = 0,
            QueriesPerRead = 0,
            AdapterMultiplications = 0,
            AdapterBits = 0,
        };
    }

    // Queries that meet an element, over the reads of it; a mean over layers by their elements.
    private static double Queries(ModelShape model, FabricSpec fabric)
    {
        double met = 0,
            reads = 0;
        foreach (var layer in Enumerable.Range(0, model.Layers).Where(model.HasAttention))
        {
            var group = model.KvLatentRank > 0 ? model.Heads : (double)model.Heads / model.KvHeadsOf(layer);
            var elements = model.KvElementsOf(model.KvSource(layer));
            met += elements * group;
            reads += elements * Math.Ceiling(group / fabric.KvSram.QueriesPerPort);
        }

        return met / reads;
    }

    /// <summary>Vector operations and KV bits of one token that attends to this number of positions, from the schedule's demands.</summary>
    public static (double VectorOperations, double KvBits, double KvReadBits) AtContext(TokenSchedule schedule, double positions)
    {
        double vector = 0,
            kv = 0,
            read = 0;
        for (var kind = 0; kind < schedule.Kinds; kind++)
        {
            double n = schedule.StagesOfKind[kind] * schedule.DiesPerStage;
            foreach (var phase in schedule.Representatives[kind].PhaseSpan)
            {
                foreach (var demand in phase.DemandSpan)
                {
                    if (demand.Resource.Unit == FabricUnit.Vector)
                    {
                        vector += n * demand.ItemsAt(positions);
                    }
                    else if (demand.Resource.Unit == FabricUnit.KvSram)
                    {
                        kv += n * demand.ItemsAt(positions);
                        read += n * (demand.ItemsAt(positions) - demand.Items);
                    }
                }
            }
        }

        return (vector, kv, read);
    }

    // What products and the embedding's read spend, added up matrix by matrix.
    private sealed class MatrixCounts(ModelShape model, FabricSpec fabric)
    {
        public double RomBits { get; private set; }

        public double RowReads { get; private set; }

        public double ColumnOperations { get; private set; }

        public double ReductionBits { get; private set; }

        public double ReductionBitSites { get; private set; }

        public double NetworkBitHops { get; private set; }

        // One output segment is read, one column of it.
        public void AddEmbedding(MatrixPlan matrix)
        {
            RomBits += (double)matrix.InputSegments * matrix.RowsPerPass * CodeFormats.Named(matrix.Format).BitsPerWeight;
            RowReads += (double)matrix.InputSegments * matrix.RowsPerPass;
        }

        public void AddProduct(MatrixPlan matrix)
        {
            var use =
                matrix.Role is MatrixRole.ExpertGate or MatrixRole.ExpertUp or MatrixRole.ExpertDown && model.Experts > 0
                    ? (double)model.ExpertsUsed / model.Experts
                // Before and after its layer.
                : matrix.Role == MatrixRole.StreamRouter ? 2
                : 1;
            var bits = CodeFormats.Named(matrix.Format).BitsPerWeight;
            var codeColumns = Math.Max(1, bits / fabric.Bank.RomBitsPerWeight);
            var reads = use * matrix.Inputs * matrix.OutputSegments;
            RowReads += reads;
            RomBits += reads * matrix.BankColumns * bits;
            ColumnOperations += reads * matrix.BankColumns * codeColumns;
            var handed = use * matrix.OutputSegments * (matrix.InputSegments - 1.0) * matrix.BankColumns * fabric.Network.PartialSumBits;
            ReductionBits += handed;
            // A binomial tree over n banks in a square: partners are half a side apart on average.
            ReductionBitSites += handed * Math.Max(1, 0.5 * Math.Sqrt(matrix.InputSegments));
            // Activations go half-way out on average and then past the banks of their segment; outputs come half-way back.
            NetworkBitHops +=
                use
                * matrix.Inputs
                * fabric.Numerics.ActivationBits
                * ((0.5 * matrix.Hops) + ((double)matrix.OutputSegments / fabric.Sites.TileColumns));
            NetworkBitHops += use * matrix.Outputs * fabric.Network.PartialSumBits * 0.5 * matrix.Hops;
        }
    }
}
