using TaalasSim.ChipModel.Figures;

namespace TaalasSim.ChipModel.Evaluation;

/// <summary>All figures of a design point with their intervals.</summary>
/// <param name="Figures">In the order of <see cref="FigureCatalog.All"/>.</param>
public sealed record UncertaintyStudy(IReadOnlyList<FigureUncertainty> Figures)
{
    /// <summary>One figure.</summary>
    public FigureUncertainty this[FigureDefinition figure] => Figures.First(f => f.Figure == figure);
}
