using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Charts;

/// <summary>One point of a curve with the figure's interval.</summary>
public sealed record SeriesPoint(double X, UncertaintyRange Y);
