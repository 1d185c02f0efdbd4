using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Costs;

/// <summary>One figure of a cost report.</summary>
/// <param name="Key">Key in machine-readable output.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Unit">Unit for people.</param>
/// <param name="Formula">Formula in the words of the inputs.</param>
/// <param name="Figure">Value and interval.</param>
public sealed record CostFigure(string Key, string Name, string Unit, string Formula, UncertaintyRange Figure)
{
    /// <summary>A figure of the catalog with its interval.</summary>
    public static CostFigure Of(FigureDefinition figure, UncertaintyRange interval) =>
        new(figure.Key, figure.Label, MeasureText.Unit(figure.Unit), figure.Formula, interval);
}
