using TaalasSim.ChipModel.Chip;

namespace TaalasSim.ChipModel.Timing;

/// <summary>Phases at both ends of a model of patches: a residual block, output(silu(hidden(x))) + skip(x), in front of the layers and one
/// behind them.</summary>
internal static class PatchStages
{
    /// <summary>A patch and its mask become a token: running mean and deviation of the series, the values normalised by them, the
    /// block.</summary>
    public static Phase[] Input(StageBuilder work, ChipPlan plan, PatchShape patches)
    {
        // Sum and sum of squares, joined with those of the patches before; then difference and quotient of each point.
        var points = (double)patches.InputPoints;
        work.Add("patch_statistics", FabricUnit.Vector, (2 * work.ScalarFill) + work.LaneTree, work.Lanes(2 * points));
        work.Add("patch_normalise", FabricUnit.Vector, work.ScalarFill, work.Lanes(points));
        Block(work, plan, "patch", (MatrixRole.PatchHidden, MatrixRole.PatchSkip, MatrixRole.PatchOutput));
        return work.ToArray();
    }

    /// <summary>Points and quantiles of one token, in units of the series.</summary>
    public static Phase[] Points(StageBuilder work, ChipPlan plan) =>
        Head(work, plan, "points", (MatrixRole.PointHidden, MatrixRole.PointSkip, MatrixRole.PointOutput));

    /// <summary>Quantiles far ahead, of the last token of the context.</summary>
    public static Phase[] Quantiles(StageBuilder work, ChipPlan plan) =>
        Head(work, plan, "quantiles", (MatrixRole.QuantileHidden, MatrixRole.QuantileSkip, MatrixRole.QuantileOutput));

    private static Phase[] Head(StageBuilder work, ChipPlan plan, string name, (MatrixRole, MatrixRole, MatrixRole) roles)
    {
        var outputs = Block(work, plan, name, roles);
        work.Add(name + "_scale", FabricUnit.Vector, work.VectorFill, work.Lanes(2 * outputs));
        return work.ToArray();
    }

    private static double Block(
        StageBuilder work,
        ChipPlan plan,
        string name,
        (MatrixRole Hidden, MatrixRole Skip, MatrixRole Output) roles
    )
    {
        var (hidden, skip, output) = (
            StageBuilder.Matrix(plan, roles.Hidden),
            StageBuilder.Matrix(plan, roles.Skip),
            StageBuilder.Matrix(plan, roles.Output)
        );
        var (inner, outputs) = ((double)hidden.Outputs / work.Ways, (double)output.Outputs / work.Ways);
        work.Quantise(name + "_quantise", hidden.Inputs);
        work.Multiply(name + "_hidden", name + "_hidden_collect", [hidden, skip]);
        work.Add(name + "_activation", FabricUnit.Vector, work.ScalarFill, work.Lanes(inner));
        work.Exchange(name + "_gather", work.TreeSteps, (double)hidden.Outputs * work.ResidualBits);
        work.Quantise(name + "_hidden_quantise", hidden.Outputs);
        work.Multiply(name, name + "_collect", [output]);
        work.Add(name + "_sum", FabricUnit.Vector, work.VectorFill, work.Lanes(outputs));
        return outputs;
    }
}
