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
        var output = plan.Matrices.FirstOrDefault(p => p.Role == MatrixRole.Output)
            ?? throw new InputException(
                $"{plan.Model.Name}: no output matrix, so no next token to time; TaalasSim times language models with a "
                    + "vocabulary projection"
            );
        var embedding = plan.Matrices.FirstOrDefault(p => p.Role == MatrixRole.Embedding) ?? output;
        var stages = new List<(string Name, int Layer, int Die, int Region, Phase[] Phases)>();
        if (byLayer.Length == 0)
            throw new InputException($"{plan.Model.Name}: no layers to time");
        var (firstDie, firstRegion) = Place(plan, dies, 0);
        stages.Add(
            (
                "embedding",
                -1,
                firstDie,
                firstRegion,
                EmbeddingStage(plan, embedding, firstDie, firstRegion, LanesAndPorts(plan, dies, firstDie))
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
        stages.Add(("output", -1, lastDie, lastRegion, OutputStage(plan, output, lastDie, lastRegion, LanesAndPorts(plan, dies, lastDie))));
        return Assemble(plan, stages);
    }

    private static TokenSchedule Assemble(ChipPlan plan, List<(string Name, int Layer, int Die, int Region, Phase[] Phases)> stages)
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

        var representatives = Enumerable.Range(0, kinds.Count).Select(k => schedules.First(s => s.Kind == k)).ToArray();
        var (ofKind, furtherFill) = (new int[kinds.Count], new double[kinds.Count]);
        var ofRegion = new int[plan.Fabric.Dies * plan.Fabric.Vector.Clusters * kinds.Count];
        foreach (var stage in schedules)
        {
            ofKind[stage.Kind]++;
            // Stages are chains, so a longer wire in any phase lengthens the stage by as much.
            furtherFill[stage.Kind] += stage.Phases.Sum(p => p.FillCycles) - representatives[stage.Kind].Phases.Sum(p => p.FillCycles);
            ofRegion[(stage.Region * kinds.Count) + stage.Kind]++;
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
            Kinds = kinds.Count,
            StagesOfKind = ofKind,
            Representatives = representatives,
            FurtherFillCycles = furtherFill,
            StagesOfRegion = ofRegion,
            StageBuffers = plan.Fabric.Network.LayerBuffers,
            PositionsPerRead = plan.Fabric.Bank.PositionsPerRead,
        };
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
    private static Region LanesAndPorts(ChipPlan plan, int[] dies, int die)
    {
        var fabric = plan.Fabric;
        var regions = Math.Max(1, Math.Min(fabric.Vector.Clusters, dies.Count(d => d == die)));
        var joined = (double)fabric.Vector.Clusters / regions;
        var tiles = (double)fabric.Sites.PerDie / (fabric.Sites.TileColumns * fabric.Sites.TileRows * regions);
        return new Region(
            fabric.Vector.Lanes / (double)regions,
            fabric.KvSram.Banks * fabric.KvSram.PortBytes * 8.0 / regions,
            (double)fabric.Network.LinkBits * fabric.Network.VectorLinks * joined,
            Math.Ceiling(Math.Sqrt(tiles))
        );
    }

    private static Phase[] EmbeddingStage(ChipPlan plan, MatrixPlan matrix, int die, int region, Region size)
    {
        var work = new StageBuilder(plan, plan.Fabric, die, region, size);
        work.Read("embedding", matrix);
        work.Add("embedding_scale", FabricUnit.Vector, work.VectorFill, work.Lanes(plan.Model.EmbeddingLength));
        // The die that holds the row hands it to the others.
        work.Exchange("embedding_broadcast", work.TreeSteps, (double)plan.Model.EmbeddingLength * work.ResidualBits);
        LayerInputs(work, plan);
        Streams(work, plan.Model, plan.Matrices.Where(p => p.Role == MatrixRole.StreamProjection && IsSpread(p)).ToArray(), "stream");
        return work.ToArray();
    }

    // The vectors of all layers: a row of their own table, and a product of the embedding. They travel with the residual stream from here.
    private static void LayerInputs(StageBuilder work, ChipPlan plan)
    {
        var table = plan.Matrices.FirstOrDefault(p => p.Role == MatrixRole.LayerEmbedding);
        var projection = plan.Matrices.Where(p => p.Role == MatrixRole.LayerInputs).ToArray();
        if (table is null || projection.Length == 0)
            return;
        work.Read("layer_embedding", table);
        work.Add("layer_embedding_scale", FabricUnit.Vector, work.VectorFill, work.Lanes((double)table.Inputs / work.Ways));
        work.Quantise("layer_inputs_quantise", plan.Model.EmbeddingLength);
        work.Multiply("layer_inputs", "layer_inputs_collect", projection);
        work.Norm("layer_inputs_norm", (double)table.Inputs / work.Ways);
        work.Add("layer_inputs_add", FabricUnit.Vector, work.VectorFill, work.Lanes((double)table.Inputs / work.Ways));
        work.Exchange("layer_inputs_gather", work.TreeSteps, (double)table.Inputs * work.ResidualBits);
    }

    private static bool IsSpread(MatrixPlan matrix) => matrix.Name.StartsWith("altup_proj.", StringComparison.Ordinal);

    // Copies of the residual stream are projections of the embedding, and at the end they are projected back; each gets the length of the
    // first.
    private static void Streams(StageBuilder work, ModelShape model, MatrixPlan[] matrices, string name)
    {
        if (matrices.Length == 0)
            return;
        var all = (double)matrices.Length * model.EmbeddingLength;
        work.Quantise(name + "_quantise", matrices.Max(p => p.Inputs));
        work.Multiply(name + "_projection", name + "_projection_collect", matrices);
        work.Exchange(name + "_gather", work.TreeSteps, all * work.ResidualBits);
        work.Norm(name + "_length", all);
    }

    // A router's numbers mix the copies of the residual stream before a layer, and share out what it found after it.
    private static void StreamMix(StageBuilder work, ModelShape model, MatrixPlan[] matrices, string name, double products)
    {
        var router = matrices.Where(p => p.Role == MatrixRole.StreamRouter).ToArray();
        if (router.Length == 0)
            return;
        work.Norm(name + "_norm", model.EmbeddingLength);
        work.Quantise(name + "_quantise", model.EmbeddingLength);
        work.Multiply(name + "_router", name + "_router_collect", router);
        work.Exchange(name + "_gather", work.TreeSteps, model.ResidualStreams * 32.0);
        work.Add(name, FabricUnit.Vector, work.ScalarFill + work.VectorFill, work.Lanes(products * model.EmbeddingLength));
    }

    // Beside attention; here the two follow one another.
    private static void LowRank(StageBuilder work, ModelShape model, MatrixPlan[] matrices)
    {
        var all = matrices.Where(p => p.Role == MatrixRole.LowRank).ToArray();
        if (all.Length == 0)
            return;
        work.Multiply("low_rank_input", "low_rank_input_collect", [.. all.Where(p => p.Outputs == model.LowRank)]);
        work.Exchange("low_rank_gather", work.TreeSteps, (double)model.LowRank * work.ResidualBits);
        work.Quantise("low_rank_quantise", model.LowRank);
        work.Multiply("low_rank", "low_rank_collect", [.. all.Where(p => p.Outputs != model.LowRank)]);
        work.Exchange("low_rank_output_gather", work.TreeSteps, (double)model.EmbeddingLength * work.ResidualBits);
        work.Norm("low_rank_norm", model.EmbeddingLength);
        work.Add("low_rank_residual", FabricUnit.Vector, work.VectorFill, work.Lanes(2.0 * model.EmbeddingLength));
    }

    // A layer's own vector, gated by the residual stream and added to it.
    private static void LayerInput(StageBuilder work, ModelShape model, MatrixPlan[] matrices)
    {
        var gate = matrices.Where(p => p.Role == MatrixRole.LayerInputGate).ToArray();
        var output = matrices.Where(p => p.Role == MatrixRole.LayerInputOutput).ToArray();
        if (gate.Length == 0 || output.Length == 0)
            return;
        var size = (double)model.LayerEmbeddingLength / work.Ways;
        work.Quantise("layer_input_quantise", model.EmbeddingLength);
        work.Multiply("layer_input_gate", "layer_input_gate_collect", gate);
        work.Add("layer_input_activation", FabricUnit.Vector, work.ScalarFill, work.Lanes(size));
        work.Exchange("layer_input_gather", work.TreeSteps, size * work.Ways * work.ResidualBits);
        work.Quantise("layer_input_activation_quantise", model.LayerEmbeddingLength);
        work.Multiply("layer_input", "layer_input_collect", output);
        work.Exchange("layer_input_output_gather", work.TreeSteps, (double)model.EmbeddingLength * work.ResidualBits);
        work.Norm("layer_input_norm", model.EmbeddingLength);
        // With copies of the residual stream it is added to all but the first.
        var added = Math.Max(1, model.ResidualStreams - 1.0) * model.EmbeddingLength;
        work.Add("layer_input_residual", FabricUnit.Vector, work.VectorFill, work.Lanes(added));
    }

    private static Phase[] OutputStage(ChipPlan plan, MatrixPlan matrix, int die, int region, Region size)
    {
        var work = new StageBuilder(plan, plan.Fabric, die, region, size);
        Streams(work, plan.Model, plan.Matrices.Where(p => p.Role == MatrixRole.StreamProjection && !IsSpread(p)).ToArray(), "merge");
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

    private static Phase[] Layer(ChipPlan plan, MatrixPlan[] matrices, (int Die, int Region) here, Region size, (int Die, int Region) next)
    {
        var (model, fabric) = (plan.Model, plan.Fabric);
        var work = new StageBuilder(plan, fabric, here.Die, here.Region, size);
        StreamMix(work, model, matrices, "prediction", model.ResidualStreams * model.ResidualStreams);
        Attention(work, model, fabric, matrices);
        LowRank(work, model, matrices);
        State(work, model, fabric, matrices);
        FeedForward(work, model, matrices);
        StreamMix(work, model, matrices, "correction", model.ResidualStreams);
        LayerInput(work, model, matrices);
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
            fabric.KvSram.LatencyCycles + work.ScalarFill + (2 * (work.VectorFill + Log2(recurrence.StateSize))),
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
        var readFill = fabric.KvSram.LatencyCycles + vector.PipelineCycles + Log2(size);
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

    private static double Log2(double n) => n <= 1 ? 0 : Math.Ceiling(Math.Log2(n));

    /// <summary>What one region offers.</summary>
    /// <param name="Lanes">Vector elements per cycle.</param>
    /// <param name="KvBitsPerCycle">KV SRAM bits per cycle.</param>
    /// <param name="LinkBitsPerCycle">Network bits per cycle to and from the lanes.</param>
    /// <param name="SideTiles">Side of the region in tiles: the way to the next region.</param>
    private readonly record struct Region(double Lanes, double KvBitsPerCycle, double LinkBitsPerCycle, double SideTiles);

    /// <summary>Phases of one stage in a chain: each waits for the one before.</summary>
    private sealed class StageBuilder(ChipPlan plan, FabricSpec fabric, int die, int region, Region size)
    {
        private readonly List<Phase> _phases = [];

        /// <summary>Dies that share every matrix.</summary>
        public int Ways => fabric.System.TensorParallelDies;

        /// <summary>Steps of a tree over the dies of a group.</summary>
        public double TreeSteps => Log2(Ways);

        /// <summary>Bits of one element of the residual stream.</summary>
        public int ResidualBits => fabric.Numerics.VectorBits;

        /// <summary>Adds up a vector over the dies of a group.</summary>
        public void AllReduce(string name, double elements) =>
            Exchange(name, 2 * TreeSteps, 2 * (Ways - 1.0) / Ways * elements * ResidualBits);

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
            return Links(
                inputs / (matrices.All(p => p.Role.IsCutAlongInputs() || IsOfHead(p)) ? Ways : 1) * fabric.Numerics.ActivationBits
            );
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

        private static bool IsExpert(MatrixPlan matrix) =>
            matrix.Role is MatrixRole.ExpertGate or MatrixRole.ExpertUp or MatrixRole.ExpertDown;
    }
}
