using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Pages;

namespace TaalasSim.Reports.Live;

/// <summary>What a page shows at a point.</summary>
/// <param name="Comparison">Chip and GPUs.</param>
/// <param name="Where">Where time, area and power go.</param>
/// <param name="Command">Command line that compares at the same point.</param>
public sealed record LiveAnswer(ComparisonReport Comparison, WhereItGoes Where, string Command);
