using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Costs;

/// <summary>What one way to serve has cost by then.</summary>
/// <param name="Name">The chip, or the name of the price list.</param>
/// <param name="CumulativeUsd">USD at each of <see cref="RespinReport.Months"/>.</param>
/// <param name="ShortestRespinMonths">Fewest months between two models with which the chip is no dearer over the whole service; null when
/// it always is dearer, and for the chip itself.</param>
public sealed record RespinSystem(string Name, IReadOnlyList<UncertaintyRange> CumulativeUsd, int? ShortestRespinMonths);
