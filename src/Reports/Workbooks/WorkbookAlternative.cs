namespace TaalasSim.Reports.Workbooks;

/// <summary>Another way to get tokens.</summary>
/// <param name="Name">Name for people.</param>
/// <param name="Figure">Name of the figure with its price.</param>
/// <param name="UsdPerMillion">The price, USD per million answer tokens.</param>
internal sealed record WorkbookAlternative(string Name, string Figure, double UsdPerMillion);
