namespace TaalasSim.Reports.Pages;

/// <summary>A section of the page that shows pictures.</summary>
/// <param name="Title">Heading; a section without one is the headline at the top of the page.</param>
/// <param name="Words">What the pictures show.</param>
public sealed record ReportSection(string Title, string Words);
