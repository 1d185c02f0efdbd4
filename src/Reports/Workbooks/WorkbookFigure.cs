namespace TaalasSim.Reports.Workbooks;

/// <summary>A figure that a workbook recalculates.</summary>
/// <param name="Name">Its name in formulas.</param>
/// <param name="Label">Label for people.</param>
/// <param name="Formula">Formula in names of inputs and of figures above it, without the sign of equality.</param>
/// <param name="Unit">Unit.</param>
/// <param name="Expected">What the command says.</param>
internal sealed record WorkbookFigure(string Name, string Label, string Formula, string Unit, double Expected);
