namespace TaalasSim.Reports.Pages;

/// <summary>A line of a table of facts.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">The figure with its unit, or text.</param>
/// <param name="Note">Where it comes from or what it means; may be empty.</param>
public sealed record Fact(string Name, string Value, string Note = "");
