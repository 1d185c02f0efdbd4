namespace TaalasSim.Reports.Compare;

/// <summary>One cell of a report's first table, as text.</summary>
/// <param name="Value">Best estimate, or what stands for it.</param>
/// <param name="Interval">Its 90 % interval; empty for none.</param>
/// <param name="Note">A word beside it, e.g. <c>calibrated</c> or who is better; may be empty.</param>
/// <param name="Standing">Who is better, for a ratio; null otherwise.</param>
public sealed record AnswerCell(string Value, string Interval = "", string Note = "", Standing? Standing = null)
{
    /// <summary>Nothing to say.</summary>
    public static AnswerCell None { get; } = new("–");
}
