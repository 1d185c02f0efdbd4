using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Charts;

/// <summary>One part of a total.</summary>
/// <param name="Name">Part in words.</param>
/// <param name="Value">Its share in the chart's unit, 0 or more, with its interval.</param>
public sealed record BreakdownPart(string Name, UncertaintyRange Value);
