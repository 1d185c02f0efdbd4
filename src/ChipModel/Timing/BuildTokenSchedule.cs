using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Timing;

/// <summary>Lays out the phases of a token from the matrices of a chip plan.</summary>
/// <remarks>
/// A product is two phases. <c>name</c>: activations leave the vector cluster, one row per bank and cycle, and pass the bank's pipeline.
/// <c>name_collect</c>: banks hand their column sums down the reduction tree, column after column, and the links of the region carry the
/// outputs to the lanes. Vector work counts one element and one operation per lane and cycle; trees over the lanes add log2(lanes) cycles.
/// With tensor partition the phases are those of one die of a group: all do the same side by side. Norms and residual additions are done by
/// every die, heads, hidden elements and outputs are divided, and results are added up over the group by recursive halving and doubling:
/// 2·log2(n) steps, 2(n−1)/n of the vector (R. Thakur et al., Int. J. High Performance Computing Applications 19, 2005).
/// </remarks>
public static class BuildTokenSchedule
{
    private static readonly MatrixRole[] AttentionInputs =
    [
        MatrixRole.Query,
        MatrixRole.Key,
        MatrixRole.Value,
        MatrixRole.QueryKeyValue,
        MatrixRole.Latent,
    ];

    private static readonly MatrixRole[] FeedForwardInputs =
    [
        MatrixRole.Gate,
        MatrixRole.Up,
        MatrixRole.GateUp,
        MatrixRole.ExpertGate,
        MatrixRole.ExpertUp,
        MatrixRole.SharedGate,
        MatrixRole.SharedUp,
    ];

    private static readonly MatrixRole[] FeedForwardOutputs = [MatrixRole.Down, MatrixRole.ExpertDown, MatrixRole.SharedDown];

    /// <summary>The schedule of one token on a chip.</summary>
    /// <param name="plan">Model, fabric and matrices; layers in ascending order of site.</param>
    public static TokenSchedule From(ChipPlan plan)
    {
        var byLayer = plan.Matrices.Where(p => p.Layer >= 0).GroupBy(p => p.Layer).OrderBy(g => g.Key).Select(g => g.ToArray()).ToArray();
        var dies = byLayer.Select(matrices => Die(plan, matrices)).ToArray();
        var stages = new List<(string Name, int Layer, int Die, int Region, Phase[] Phases)>();
        if (byLayer.Length == 0)
            throw new InputException($"{plan.Model.Name}: no layers to time");
        var (firstDie, firstRegion) = Place(plan, dies, 0);
        stages.Add(
            (
                plan.Model.Patches is null ? "embedding" : "patch",
                -1,
                firstDie,
                firstRegion,
                FirstStage(new StageBuilder(plan, plan.Fabric, firstDie, firstRegion, LanesAndPorts(plan, dies, firstDie)), plan)
            )
        );

        for (var i = 0; i < byLayer.Length; i++)
        {
            var (die, region) = Place(plan, dies, i);
            var next = i + 1 < byLayer.Length ? Place(plan, dies, i + 1) : (die, region);
            stages.Add(
                (
                    $"layer {byLayer[i][0].Layer}",
                    byLayer[i][0].Layer,
                    die,
                    region,
                    Layer(plan, byLayer[i], (die, region), LanesAndPorts(plan, dies, die), next)
                )
            );
        }

        var (lastDie, lastRegion) = Place(plan, dies, byLayer.Length - 1);
        StageBuilder Last() => new(plan, plan.Fabric, lastDie, lastRegion, LanesAndPorts(plan, dies, lastDie));
        stages.Add(("output", -1, lastDie, lastRegion, LastStage(Last(), plan, lastDie)));
        return Assemble(plan, stages, plan.Model.Patches is null ? [] : PatchStages.Quantiles(Last(), plan));
    }

    private static TokenSchedule Assemble(
        ChipPlan plan,
        List<(string Name, int Layer, int Die, int Region, Phase[] Phases)> stages,
        Phase[] quantiles
    )
    {
        var (schedules, kinds) = OfKinds(stages);
        var representatives = Enumerable.Range(0, kinds).Select(k => schedules.First(s => s.Kind == k)).ToArray();
        var (ofKind, furtherFill) = (new int[kinds], new double[kinds]);
        var ofRegion = new int[plan.Fabric.Dies * plan.Fabric.Vector.Clusters * kinds];
        foreach (var stage in schedules)
        {
            ofKind[stage.Kind]++;
            // Stages are chains, so a longer wire in any phase lengthens the stage by as much.
            furtherFill[stage.Kind] += stage.Phases.Sum(p => p.FillCycles) - representatives[stage.Kind].Phases.Sum(p => p.FillCycles);
            ofRegion[(stage.Region * kinds) + stage.Kind]++;
        }

        var links = schedules.SelectMany(s => s.Phases).Where(p => p.Unit is FabricUnit.DieLink or FabricUnit.PackageLink).ToArray();
        double Busiest(FabricUnit unit, Func<Demand, double> size) =>
            links
                .Where(p => p.Unit == unit)
                .SelectMany(p => p.Demands)
                .GroupBy(d => d.Resource)
                .Select(g => g.Sum(size))
                .DefaultIfEmpty(0)
                .Max();
        var far = links.Where(p => p.Unit == FabricUnit.PackageLink).ToArray();
        var cyclesPerStep = plan.Fabric.System.Link is { } link ? link.LatencyNs * plan.Fabric.ClockGhz : 0;
        return new TokenSchedule
        {
            DiesPerStage = plan.Fabric.System.TensorParallelDies,
            DieLinkCycles = Busiest(FabricUnit.DieLink, d => d.Cycles(1)),
            PackageLinkCycles = far.Sum(p => p.Cycles(1)),
            PackageLinkSteps = cyclesPerStep > 0 ? far.Sum(p => p.FillCycles) / cyclesPerStep : 0,
            PackageLinkBits = far.Sum(p => p.Demands.Sum(d => d.Items)),
            BusiestPackageLinkBits = Busiest(FabricUnit.PackageLink, d => d.Items),
            BusiestPackageLinkCycles = Busiest(FabricUnit.PackageLink, d => d.Cycles(1)),
            Stages = schedules,
            Quantiles = quantiles.Length == 0 ? null : schedules[^1] with { Name = "quantiles", Kind = kinds, Phases = quantiles },
            Kinds = kinds,
            StagesOfKind = ofKind,
            Representatives = representatives,
            FurtherFillCycles = furtherFill,
            StagesOfRegion = ofRegion,
            StageBuffers = plan.Fabric.Network.LayerBuffers,
            PositionsPerRead = plan.Fabric.Bank.PositionsPerRead,
        };
    }

    // Stages with the same phases are of one kind.
    private static (LayerSchedule[] Schedules, int Kinds) OfKinds(
        List<(string Name, int Layer, int Die, int Region, Phase[] Phases)> stages
    )
    {
        var kinds = new Dictionary<string, int>(StringComparer.Ordinal);
        var schedules = new LayerSchedule[stages.Count];
        for (var i = 0; i < stages.Count; i++)
        {
            var (name, layer, die, region, phases) = stages[i];
            var key = string.Join('\n', phases.Select(Signature));
            if (!kinds.TryGetValue(key, out var kind))
                kinds.Add(key, kind = kinds.Count);
            schedules[i] = new LayerSchedule
            {
                Name = name,
                Layer = layer,
                Die = die,
                Region = region,
                Kind = kind,
                Phases = phases,
            };
        }

        return (schedules, kinds.Count);
    }

    // Two phases are the same work when all but the index of the resource and the length of the wires agrees.
    private static string Signature(Phase phase) =>
        FormattableString.Invariant($"{phase.Name} {phase.Unit} [{string.Join(',', phase.After)}] ")
        + string.Join(
            ';',
            phase.Demands.Select(d =>
                FormattableString.Invariant($"{d.Resource.Unit} {d.Items} {d.ItemsPerPosition} {d.ItemsPerCycle} ")
                + FormattableString.Invariant($"{d.BitsPerItem} {d.Window} {d.Alternatives.Count} {d.Used}")
            )
        );

    // With tensor partition the first die of the group stands for all of it.
    private static int Die(ChipPlan plan, MatrixPlan[] matrices)
    {
        var die = Math.Clamp(matrices.Min(p => p.FirstSite) / plan.Fabric.Sites.PerDie, 0, plan.Fabric.Dies - 1);
        return die - (die % plan.Fabric.System.TensorParallelDies);
    }

    private static (int Die, int Region) Place(ChipPlan plan, int[] dies, int layer)
    {
        var die = dies[layer];
        var first = Array.IndexOf(dies, die);
        var count = dies.Count(d => d == die);
        var regions = Math.Min(plan.Fabric.Vector.Clusters, count);
        return (die, (die * plan.Fabric.Vector.Clusters) + (int)((long)(layer - first) * regions / count));
    }

    // Fewer layers than clusters: neighbouring clusters are joined, so the region has more lanes, ports and links.
    private static StageRegion LanesAndPorts(ChipPlan plan, int[] dies, int die)
    {
        var fabric = plan.Fabric;
        var regions = Math.Max(1, Math.Min(fabric.Vector.Clusters, dies.Count(d => d == die)));
        var joined = (double)fabric.Vector.Clusters / regions;
        var tiles = (double)fabric.Sites.PerDie / (fabric.Sites.TileColumns * fabric.Sites.TileRows * regions);
        return new StageRegion(
            fabric.Vector.Lanes / (double)regions,
            fabric.KvSram.Banks * fabric.KvSram.PortBytes * 8.0 / regions,
            (double)fabric.Network.LinkBits * fabric.Network.VectorLinks * joined,
            Math.Ceiling(Math.Sqrt(tiles))
        );
    }

    private static Phase[] FirstStage(StageBuilder work, ChipPlan plan)
    {
        if (plan.Model.Patches is { } patches)
            return PatchStages.Input(work, plan, patches);
        var matrix = plan.Matrices.FirstOrDefault(p => p.Role == MatrixRole.Embedding) ?? Output(plan);
        work.Read("embedding", matrix);
        work.Add("embedding_scale", FabricUnit.Vector, work.VectorFill, work.Lanes(plan.Model.EmbeddingLength));
        // The die that holds the row hands it to the others.
        work.Exchange("embedding_broadcast", work.TreeSteps, (double)plan.Model.EmbeddingLength * work.ResidualBits);
        LayerStages.Inputs(work, plan);
        LayerStages.Streams(work, plan, "stream", "altup_proj.");
        return work.ToArray();
    }

    private static Phase[] LastStage(StageBuilder work, ChipPlan plan, int die)
    {
        if (plan.Model.Patches is not null)
            return PatchStages.Points(work, plan);
        var matrix = Output(plan);
        LayerStages.Streams(work, plan, "merge", "altup_unembd_proj.");
        work.Norm("output_norm", plan.Model.EmbeddingLength);
        work.Quantise("output_quantise", plan.Model.EmbeddingLength);
        work.Multiply(
            "output",
            "sample",
            [matrix],
            sampler: new Demand
            {
                Resource = new(FabricUnit.Sampler, die),
                Items = (double)matrix.Outputs / work.Ways,
                ItemsPerCycle = plan.Fabric.Sampler.LogitsPerCycle,
                BitsPerItem = plan.Fabric.Network.PartialSumBits,
            }
        );
        // Each die offers its best logit and the token's number.
        work.Exchange("sample_gather", work.TreeSteps, work.Ways * 64.0);
        return work.ToArray();
    }

    private static MatrixPlan Output(ChipPlan plan) => StageBuilder.Matrix(plan, MatrixRole.Output);

    private static Phase[] Layer(
        ChipPlan plan,
        MatrixPlan[] matrices,
        (int Die, int Region) here,
        StageRegion size,
        (int Die, int Region) next
    )
    {
        var (model, fabric) = (plan.Model, plan.Fabric);
        var work = new StageBuilder(plan, fabric, here.Die, here.Region, size);
        LayerStages.StreamMix(work, model, matrices, "prediction", model.ResidualStreams * model.ResidualStreams);
        Attention(work, model, fabric, matrices);
        LayerStages.LowRank(work, model, matrices);
        State(work, model, fabric, matrices);
        FeedForward(work, model, matrices);
        LayerStages.StreamMix(work, model, matrices, "correction", model.ResidualStreams);
        LayerStages.Input(work, model, matrices);
        // The vectors of layers to come go with the residual stream.
        var further = (double)(model.Layers - 1 - matrices[0].Layer) * model.LayerEmbeddingLength;
        var streams = Math.Max(1, model.ResidualStreams);
        var residual = (((double)streams * model.EmbeddingLength) + further) * work.ResidualBits;
        // Between stages of one cluster the residual stream stays where it is.
        if (next.Die != here.Die)
            work.Cross("die_link", next.Die / fabric.DiesPerPackage == here.Die / fabric.DiesPerPackage, 1, residual);
        else if (next.Region != here.Region)
            work.Add("forward", FabricUnit.Network, size.SideTiles * fabric.Network.CyclesPerHop, work.Links(residual));
        return work.ToArray();
    }

    private static void Attention(StageBuilder work, ModelShape model, FabricSpec fabric, MatrixPlan[] matrices)
    {
        var inputs = matrices.Where(p => AttentionInputs.Contains(p.Role)).ToArray();
        if (inputs.Length == 0)
            return;
        AttentionProducts(work, model, inputs);
        PerHead(work, "absorbed_key", matrices, MatrixRole.LatentKey);
        Heads(work, model, fabric, matrices[0].Layer);
        PerHead(work, "expanded_value", matrices, MatrixRole.LatentValue);
        var outputs = matrices.Where(p => p.Role == MatrixRole.AttentionOutput).ToArray();
        if (outputs.Length == 0)
            return;
        if (model.GatedAttention)
            work.Add("attention_gate", FabricUnit.Vector, work.ScalarFill, work.Lanes((double)outputs[0].Inputs / work.Ways));
        work.Quantise("values_quantise", (double)outputs[0].Inputs / work.Ways);
        work.Multiply("attention_output", "attention_output_collect", outputs);
        work.AllReduce("attention_all_reduce", model.EmbeddingLength);
        if (model.PostNorms)
            work.Norm("attention_post_norm", model.EmbeddingLength);
        work.Add("attention_residual", FabricUnit.Vector, fabric.Vector.PipelineCycles, work.Lanes(model.EmbeddingLength));
    }

    // Queries, keys and values, by way of a latent vector where the model has one.
    private static void AttentionProducts(StageBuilder work, ModelShape model, MatrixPlan[] inputs)
    {
        work.Norm("attention_norm", model.EmbeddingLength);
        work.Quantise("attention_quantise", model.EmbeddingLength);
        var first = inputs.Where(p => p.Inputs == model.EmbeddingLength).ToArray();
        var second = inputs.Where(p => p.Inputs != model.EmbeddingLength).ToArray();
        work.Multiply("query_key_value", "query_key_value_collect", first);
        if (second.Length == 0)
            return;
        work.Exchange("latent_gather", work.TreeSteps, first.Sum(p => (double)p.Outputs) * work.ResidualBits);
        work.Norm("latent_norm", first.Sum(p => p.Outputs));
        work.Quantise("latent_quantise", first.Sum(p => p.Outputs));
        work.Multiply("latent", "latent_collect", second);
    }

    // A layer that keeps a state in place of attention. The state is read and the token's own part written in one turn at the memory, so
    // the next token of the same user meets what this one left: the recurrence costs the time of that turn, not that of the layer.
    private static void State(StageBuilder work, ModelShape model, FabricSpec fabric, MatrixPlan[] matrices)
    {
        var inputs = matrices.Where(p => p.Role == MatrixRole.StateInput).ToArray();
        var outputs = matrices.Where(p => p.Role == MatrixRole.StateOutput).ToArray();
        if (inputs.Length == 0 || outputs.Length == 0)
            return;
        var channels = (double)model.ConvolutionWidth / work.Ways;
        work.Norm("state_norm", model.EmbeddingLength);
        work.Quantise("state_quantise", model.EmbeddingLength);
        work.Multiply("state_input", "state_input_collect", inputs);
        if (model.Recurrence is null)
            work.Add("state_gate", FabricUnit.Vector, work.VectorFill, work.Lanes(channels));
        work.Add(
            "state",
            FabricUnit.KvSram,
            fabric.KvSram.LatencyCycles,
            work.Kv(model.ConvolutionLength * channels * work.ResidualBits, 0, 0)
        );
        work.Add("convolution", FabricUnit.Vector, work.VectorFill, work.Lanes(model.ConvolutionLength * channels));
        if (model.Recurrence is { } recurrence)
            Recurrence(work, recurrence, fabric);
        var inner = (double)outputs[0].Inputs / work.Ways;
        work.Add("state_output_gate", FabricUnit.Vector, work.VectorFill, work.Lanes(inner));
        work.Quantise("state_output_quantise", inner);
        work.Multiply("state_output", "state_output_collect", outputs);
        work.AllReduce("state_all_reduce", model.EmbeddingLength);
        work.Add("state_residual", FabricUnit.Vector, work.VectorFill, work.Lanes(model.EmbeddingLength));
    }

    // Heads follow one another: while the lanes work on the state of one, the memory hands over the next and takes the last one back. A
    // head's own chain (read, sum for the key, correction, sum for the query, write) is the fill of the phase; the next token's turn comes
    // after that of all heads, when the state is back.
    private static void Recurrence(StageBuilder work, RecurrenceShape recurrence, FabricSpec fabric)
    {
        var states = (double)recurrence.StateElements / work.Ways;
        work.Add("state_activation", FabricUnit.Vector, work.ScalarFill, work.Lanes((double)recurrence.ConvolutionWidth / work.Ways));
        if (recurrence.Kind == RecurrenceKind.GatedDeltaNet)
            work.Norm("state_key_norm", 2.0 * recurrence.Groups * recurrence.StateSize / work.Ways);
        work.Add(
            "recurrence",
            FabricUnit.Vector,
            fabric.KvSram.LatencyCycles + work.ScalarFill + (2 * (work.VectorFill + StageBuilder.Log2(recurrence.StateSize))),
            work.Lanes((double)recurrence.Operations / work.Ways),
            work.Kv(2 * states * work.ResidualBits, 0, 0)
        );
        work.Norm("state_output_norm", (double)recurrence.InnerLength / work.Ways);
    }

    // Products of latent attention in which each head has a matrix and an input of its own; a die does its heads.
    private static void PerHead(StageBuilder work, string name, MatrixPlan[] matrices, MatrixRole role)
    {
        var heads = matrices.Where(p => p.Role == role).ToArray();
        if (heads.Length == 0)
            return;
        work.Quantise(name + "_quantise", heads.Sum(p => (double)p.Inputs) / work.Ways);
        work.Multiply(name, name + "_collect", heads);
    }

    // What the heads of one die do with the KV memory: write, scores, softmax, weighted values.
    private static void Heads(StageBuilder work, ModelShape model, FabricSpec fabric, int layer)
    {
        var vector = fabric.Vector;
        var latent = model.KvLatentRank > 0;
        var (size, valueSize, window) = (model.HeadSizeOf(layer), model.ValueHeadSizeOf(layer), Window(model, layer));
        // A layer that reads the keys and values of an earlier one writes none.
        var own = model.KvSource(layer) == layer;
        var rotary = model.RopeHeadSize > 0 ? model.RopeHeadSize : size;
        // Where there are more dies than key/value heads, several dies keep the same one.
        var heads = (double)model.Heads / work.Ways;
        var kvHeads = Math.Max(1, Math.Ceiling((double)model.KvHeadsOf(layer) / work.Ways));
        var scoreElements = latent ? model.KvLatentRank + model.RopeHeadSize : kvHeads * size;
        var mixElements = latent ? model.KvLatentRank : kvHeads * valueSize;
        var stored = latent ? scoreElements : scoreElements + mixElements;
        var group = latent ? heads : heads / kvHeads;
        var passes = Math.Ceiling(group / fabric.KvSram.QueriesPerPort);
        var readFill = fabric.KvSram.LatencyCycles + vector.PipelineCycles + StageBuilder.Log2(size);
        if (model.QkNorm)
            work.Norm("query_key_norm", (heads + (own ? kvHeads : 0)) * size);
        var turned =
            latent ? heads + 1
            : own ? heads + kvHeads
            : heads;
        work.Add("rotary", FabricUnit.Vector, vector.PipelineCycles, work.Lanes(turned * rotary));
        if (own)
            work.Add("kv_write", FabricUnit.KvSram, 1, work.Kv(stored * fabric.Numerics.KvBits, 0, 0));
        work.Add("scores", FabricUnit.KvSram, readFill, work.Kv(0, scoreElements * passes * fabric.Numerics.KvBits, window));
        work.Add(
            "softmax",
            FabricUnit.Vector,
            vector.PipelineCycles + vector.ScalarFunctionCycles + work.LaneTree,
            work.Lanes(0, heads, window)
        );
        work.Add("values", FabricUnit.KvSram, readFill, work.Kv(0, mixElements * passes * fabric.Numerics.KvBits, window));
    }

    private static void FeedForward(StageBuilder work, ModelShape model, MatrixPlan[] matrices)
    {
        var up = matrices.Where(p => FeedForwardInputs.Contains(p.Role)).ToArray();
        var down = matrices.Where(p => FeedForwardOutputs.Contains(p.Role)).ToArray();
        if (up.Length == 0 || down.Length == 0)
            return;
        var (experts, used) = (model.Experts, model.ExpertsUsed);
        work.Norm("feed_forward_norm", model.EmbeddingLength);
        work.Quantise("feed_forward_quantise", model.EmbeddingLength);
        var router = matrices.Where(p => p.Role == MatrixRole.Router).ToArray();
        // Mixture and router have norms of their own.
        if (router.Length > 0 && model.ExpertsBesideDense)
            work.Norm("mixture_norms", 2.0 * model.EmbeddingLength);
        if (router.Length > 0)
        {
            work.Multiply("router", "router_collect", router);
            work.Exchange("router_gather", work.TreeSteps, experts * 32.0);
            work.Add("expert_choice", FabricUnit.Vector, work.ScalarFill + (used * work.LaneTree), work.Lanes((double)experts * used));
        }

        work.Multiply("gate_up", "gate_up_collect", up, experts, used);
        var hidden = work.Used(down, experts, used, p => p.Inputs) / work.Ways;
        work.Add("activation", FabricUnit.Vector, work.ScalarFill, work.Lanes(hidden));
        work.Quantise("activation_quantise", hidden);
        work.Multiply("down", "down_collect", down, experts, used);
        work.AllReduce("feed_forward_all_reduce", model.EmbeddingLength);
        if (router.Length > 0 && model.ExpertsBesideDense)
            work.Norm("branch_norms", 2.0 * model.EmbeddingLength);
        if (model.PostNorms)
            work.Norm("feed_forward_post_norm", model.EmbeddingLength);
        // Expert outputs are weighted and added here as well.
        work.Add("feed_forward_residual", FabricUnit.Vector, work.VectorFill, work.Lanes(work.Used(down, experts, used, p => p.Outputs)));
    }

    private static int Window(ModelShape model, int layer) => model.IsWindowed(layer) ? model.SlidingWindow : 0;
}
