namespace TaalasSim.Reports.Charts;

/// <summary>One curve.</summary>
/// <param name="Name">Value of the second field, e.g. <c>users 4</c>.</param>
/// <param name="Points">Points by rising x.</param>
public sealed record Series(string Name, IReadOnlyList<SeriesPoint> Points);
