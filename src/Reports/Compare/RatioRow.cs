using TaalasSim.ChipModel.Figures;

namespace TaalasSim.Reports.Compare;

/// <summary>One figure of a ratio table in both views.</summary>
/// <param name="Figure">The figure.</param>
/// <param name="OneUser">With one user; null when either system cannot serve.</param>
/// <param name="FullBatch">With as many users as each takes; null likewise.</param>
public sealed record RatioRow(FigureDefinition Figure, RatioCell? OneUser, RatioCell? FullBatch)
{
    /// <summary>The cell of a view.</summary>
    public RatioCell? At(ServiceView view) => view == ServiceView.OneUser ? OneUser : FullBatch;
}
