using System.Text.RegularExpressions;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Points of a sweep without figures, grouped by what became of them: reasons that differ in their numbers alone are
/// one.</summary>
/// <param name="Status">What became of them.</param>
/// <param name="Count">How many.</param>
/// <param name="Reason">Reason of the first.</param>
public sealed partial record SweepFaults(SweepStatus Status, int Count, string Reason)
{
    /// <summary>Whether the sweep asks for something that cannot be; a model that does not fit is an answer.</summary>
    public bool IsBad => Status is SweepStatus.Invalid or SweepStatus.Failed;

    /// <summary>The group for people.</summary>
    public string Text =>
        FormattableString.Invariant($"{NumberText.Counted(Count, "point")} {Became}: {Reason}{(Count > 1 ? " (the first of them)" : "")}");

    private string Became =>
        Status switch
        {
            SweepStatus.DoesNotFit => Count == 1 ? "does not fit" : "do not fit",
            SweepStatus.Invalid => Count == 1 ? "is invalid" : "are invalid",
            _ => "failed",
        };

    /// <summary>Groups of a sweep, those with the most points first.</summary>
    public static IReadOnlyList<SweepFaults> Of(SweepResult result) =>
        [
            .. result
                .Rows.Where(r => r.Status != SweepStatus.Ok)
                .GroupBy(r => (r.Status, Kind: Numbers().Replace(r.Reason, "#")))
                .Select(g => new SweepFaults(g.Key.Status, g.Count(), g.First().Reason))
                .OrderByDescending(f => f.IsBad)
                .ThenByDescending(f => f.Count)
                .ThenBy(f => f.Reason, StringComparer.Ordinal),
        ];

    // The line of a file that begins the reason stays: it tells the fields apart.
    [GeneratedRegex(@"(?<!:)(?<![\w.])-?\d+(\.\d+)?(E[+-]?\d+)?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Numbers();
}
