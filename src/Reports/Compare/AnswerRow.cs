namespace TaalasSim.Reports.Compare;

/// <summary>One row of a report's first table.</summary>
/// <param name="Label">What it is, with the unit of its values.</param>
/// <param name="Cells">The chip, then each GPU and the ratio of the chip to it.</param>
public sealed record AnswerRow(string Label, IReadOnlyList<AnswerCell> Cells);
