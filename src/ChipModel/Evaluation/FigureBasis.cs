namespace TaalasSim.ChipModel.Evaluation;

/// <summary>How a figure came about.</summary>
public enum FigureBasis
{
    /// <summary>The model was fitted on this figure: it says what was published, nothing more.</summary>
    Calibrated,

    /// <summary>It follows from structure and constants.</summary>
    Predicted,
}
