using System.Numerics;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>Sizes of a chip's Verilog, from fabric, model and ports. Where the fabric's figures do not divide, the hardware has the whole
/// number below.</summary>
public sealed record ChipRtlConfig
{
    /// <summary>Vector clusters; neighbouring ones are joined when the model has fewer layers.</summary>
    public required int Regions { get; init; }

    /// <summary>Region of each stage of the schedule.</summary>
    public required IReadOnlyList<int> RegionOfStage { get; init; }

    /// <summary>Vector lanes of a region.</summary>
    public required int Lanes { get; init; }

    /// <summary>Links between a region's network and its lanes.</summary>
    public required int Links { get; init; }

    /// <summary>Column sums in one beat of a link.</summary>
    public required int LinkSums { get; init; }

    /// <summary>KV SRAM banks of a region.</summary>
    public required int KvBanks { get; init; }

    /// <summary>Words of a KV bank.</summary>
    public required int KvDepth { get; init; }

    /// <summary>Words of a stored key and of a stored value.</summary>
    public required int KeyWords { get; init; }

    /// <inheritdoc cref="KeyWords"/>
    public required int ValueWords { get; init; }

    /// <summary>Scales beside a word of the KV memory; each belongs to an equal part of it.</summary>
    public required int KvScales { get; init; }

    /// <summary>Addresses of the keys (or values) of one layer.</summary>
    public required int MatrixDepth { get; init; }

    /// <summary>Cycles from a region to the next.</summary>
    public required int ForwardHopCycles { get; init; }

    /// <summary>Activations that a region holds for its products: the widest input of a matrix.</summary>
    public required int Buffer { get; init; }

    /// <summary>Positions that the KV memory holds.</summary>
    public int Context => MatrixDepth * KvBanks / Math.Max(KeyWords, ValueWords);

    /// <summary>Sizes for a chip.</summary>
    /// <param name="plan">Chip.</param>
    /// <param name="schedule">Its schedule, which says what is in which region.</param>
    /// <exception cref="InputException">Something on the chip has no Verilog; the message says what.</exception>
    public static ChipRtlConfig For(ChipPlan plan, TokenSchedule schedule)
    {
        var (model, fabric) = (plan.Model, plan.Fabric);
        NeedVerilog(plan);
        var regionOfStage = schedule.Stages.Select(s => s.Region).ToArray();
        var regions = regionOfStage.Max() + 1;
        var joined = fabric.Vector.Clusters / (double)regions;
        var portBits = fabric.KvSram.PortBytes * 8;
        var banks = fabric.KvSram.Banks / regions;
        int Words(int elements) => ((elements * fabric.Numerics.KvBits) + portBits - 1) / portBits;
        var (keyWords, valueWords) = (Words(model.KvHeads * model.HeadSize), Words(model.KvHeads * model.EffectiveValueHeadSize));
        Need(
            keyWords <= banks / 2 && valueWords <= banks / 2 && portBits % 32 == 0,
            $"a key of {keyWords} words of {portBits} bits does not go into half of {banks} KV banks in a cycle"
        );
        var scales = ScalesOfWord(model, fabric, portBits);
        Need(
            scales > 0,
            $"heads of {model.HeadSize} elements of {fabric.Numerics.KvBits} bits share 32 bits of a KV word, which have one scale"
        );
        var depth = (int)(fabric.KvSram.CapacityMb * 1e6 / ((double)fabric.KvSram.Banks * fabric.KvSram.PortBytes));
        var layers = regionOfStage.Skip(1).Take(model.Layers).GroupBy(r => r).Max(g => g.Count());
        var tiles = Math.Ceiling(Math.Sqrt((double)fabric.Sites.PerDie / (fabric.Sites.TileColumns * fabric.Sites.TileRows * regions)));
        var config = new ChipRtlConfig
        {
            Regions = regions,
            RegionOfStage = regionOfStage,
            Lanes = fabric.Vector.Lanes / regions,
            Links = (int)(fabric.Network.VectorLinks * joined),
            LinkSums = fabric.Network.LinkBits / fabric.Network.PartialSumBits,
            KvBanks = banks,
            KvDepth = depth,
            KeyWords = keyWords,
            ValueWords = valueWords,
            KvScales = scales,
            MatrixDepth = depth / (2 * layers),
            ForwardHopCycles = HopCycles(plan, tiles),
            Buffer = plan.Matrices.Max(p => p.Inputs),
        };
        NeedUnits(config, fabric);
        return config;
    }

    // The largest parts of a word in which no two heads meet; 0 when they are no whole number of 32 bits. F16 has no scales.
    private static int ScalesOfWord(ModelShape model, FabricSpec fabric, int portBits)
    {
        if (model.KvHeads == 1 || fabric.Numerics.KvBits == 16)
            return 1;
        var heads = BigInteger.GreatestCommonDivisor(model.HeadSize, model.EffectiveValueHeadSize) * fabric.Numerics.KvBits;
        var part = (int)BigInteger.GreatestCommonDivisor(heads, portBits);
        return part % 32 == 0 ? portBits / part : 0;
    }

    // Everything on the chip must have Verilog.
    private static void NeedVerilog(ChipPlan plan)
    {
        var (model, fabric) = (plan.Model, plan.Fabric);
        Need(fabric.Dies == 1, $"{fabric.Dies} dies; the Verilog is of one die");
        Need(fabric.Bank.BankStyle.VerilogModule is not null, $"banks of style {fabric.Bank.Style} have no Verilog");
        Need(fabric.Bank.OutputsPerAdder == 1, "banks whose outputs share an adder have no Verilog");
        Need(fabric.Bank.PositionsPerRead == 1, "banks whose reads serve several positions have no Verilog");
        Need(model.Experts == 0, "routed experts have no Verilog");
        Need(model.KvLatentRank == 0 && model.Causal, "latent attention and diffusion have no Verilog");
        Need(!model.IsRecurrent || model.Recurrence is not null, "short convolutions and their state have no Verilog");
        Need(!model.IsRecurrent, "layers with a recurrent state (gated delta nets, Mamba-2) have no Verilog");
        Need(model.Gated && model.FeedForwardLayers.Count == 0, "feed-forward layers without a gate or alone in a layer have no Verilog");
        Need(model.ResidualStreams <= 1, "alternating updates have no Verilog");
        Need(model.LayerEmbeddingLength == 0, "embeddings of layers have no Verilog");
        Need(
            model.SharedKvLayers == 0 && model.WindowedHeadSize == 0 && model.WindowedKvHeads == 0 && model.FeedForwardLengths.Count == 0,
            "layers of different sizes, and layers that read the keys and values of others, have no Verilog"
        );
        Need(!model.GatedAttention, "gates on the output of attention have no Verilog");
        Need(model.SlidingWindow == 0, "sliding windows have no Verilog");
        Need(
            fabric.Numerics.VectorPrecision == "fp32",
            $"vector precision {fabric.Numerics.VectorPrecision} has no Verilog; use a fabric with fp32"
        );
        Need(model.VocabularySize <= 1 << 15, $"{model.VocabularySize} tokens; the sampler's Verilog handles at most {1 << 15}");
        Need(
            plan.SitesUsed <= 4096,
            $"{plan.SitesUsed} banks; a simulation of more than 4096 takes too long; check ports with --port instead"
        );
        var foreign = plan.Matrices.FirstOrDefault(p => CodeFormats.Named(p.Format).GgmlType >= 0);
        Need(
            foreign is null,
            $"port {foreign?.Name} is stored as {foreign?.Format}, which the banks do not decode; compile with --weights rom4 or "
                + "another rom format"
        );
    }

    // A region needs a part of every unit, and the sampler must keep up with the links.
    private static void NeedUnits(ChipRtlConfig config, FabricSpec fabric)
    {
        Need(config is { Lanes: >= 2, Links: >= 1, LinkSums: >= 1, MatrixDepth: >= 1 }, "a region without lanes, links or KV memory");
        Need(
            fabric.Sampler.LogitsPerCycle >= config.Links * config.LinkSums,
            $"the sampler takes {fabric.Sampler.LogitsPerCycle} logits a cycle, but the links bring {config.Links * config.LinkSums}"
        );
        Need(
            fabric.Sampler.PipelineCycles > System.Numerics.BitOperations.Log2((uint)(config.Links * config.LinkSums)) + 1,
            $"the sampler's {fabric.Sampler.PipelineCycles} pipeline cycles are fewer than the levels of its tree"
        );
        Need(
            fabric.KvSram.LatencyCycles >= 1 && fabric.Vector.PipelineCycles >= 1 && config.ForwardHopCycles >= 1,
            "a latency of 0 cycles"
        );
    }

    /// <summary>Registers on the way of this number of hops.</summary>
    public static int HopCycles(ChipPlan plan, double hops) => (int)Math.Ceiling(hops * plan.Fabric.Network.CyclesPerHop);

    internal static void Need(bool ok, string what)
    {
        if (!ok)
            throw new InputException($"Verilog of the whole chip: {what}");
    }
}
