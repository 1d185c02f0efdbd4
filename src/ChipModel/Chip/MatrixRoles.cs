namespace TaalasSim.ChipModel.Chip;

/// <summary>What follows from the role of a matrix.</summary>
public static class MatrixRoles
{
    /// <summary>Whether dies that share a model cut the matrix along its inputs, so that their partial sums meet in an all-reduce; the
    /// others are cut along their outputs.</summary>
    public static bool IsCutAlongInputs(this MatrixRole role) =>
        role is MatrixRole.AttentionOutput or MatrixRole.StateOutput or MatrixRole.Down or MatrixRole.ExpertDown or MatrixRole.SharedDown;

    /// <summary>Whether a token reads one row of the matrix, and nothing multiplies it.</summary>
    public static bool IsRead(this MatrixRole role) => role is MatrixRole.Embedding or MatrixRole.LayerEmbedding;

    /// <summary>Whether the matrix is of a head: only tokens whose forecast or logits are read meet it.</summary>
    public static bool IsOfOutput(this MatrixRole role) =>
        role is MatrixRole.Output or MatrixRole.PointHidden or MatrixRole.PointSkip or MatrixRole.PointOutput;

    /// <summary>Whether the matrix is of the quantile head, which one token of a forecast meets.</summary>
    public static bool IsOfQuantiles(this MatrixRole role) =>
        role is MatrixRole.QuantileHidden or MatrixRole.QuantileSkip or MatrixRole.QuantileOutput;
}
