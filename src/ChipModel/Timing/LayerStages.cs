using TaalasSim.ChipModel.Chip;

namespace TaalasSim.ChipModel.Timing;

/// <summary>Phases of vectors that every layer has of its own, and of copies of the residual stream.</summary>
internal static class LayerStages
{
    /// <summary>The vectors of all layers: a row of their own table, and a product of the embedding. They travel with the
    /// residual stream from here.</summary>
    public static void Inputs(StageBuilder work, ChipPlan plan)
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

    /// <summary>Copies of the residual stream are projections of the embedding, and at the end they are projected back; each
    /// gets the length of the first.</summary>
    public static void Streams(StageBuilder work, ChipPlan plan, string name, string tensor)
    {
        var matrices = plan.Matrices.Where(p => p.Name.StartsWith(tensor, StringComparison.Ordinal)).ToArray();
        if (matrices.Length == 0)
            return;
        var all = (double)matrices.Length * plan.Model.EmbeddingLength;
        work.Quantise(name + "_quantise", matrices.Max(p => p.Inputs));
        work.Multiply(name + "_projection", name + "_projection_collect", matrices);
        work.Exchange(name + "_gather", work.TreeSteps, all * work.ResidualBits);
        work.Norm(name + "_length", all);
    }

    /// <summary>A router's numbers mix the copies of the residual stream before a layer, and share out what it found after it.</summary>
    public static void StreamMix(StageBuilder work, ModelShape model, MatrixPlan[] matrices, string name, double products)
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

    /// <summary>Beside attention; here the two follow one another.</summary>
    public static void LowRank(StageBuilder work, ModelShape model, MatrixPlan[] matrices)
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

    /// <summary>A layer's own vector, gated by the residual stream and added to it.</summary>
    public static void Input(StageBuilder work, ModelShape model, MatrixPlan[] matrices)
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
}
