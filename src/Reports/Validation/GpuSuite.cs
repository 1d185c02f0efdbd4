using TaalasSim.ChipModel.Gpu;

namespace TaalasSim.Reports.Validation;

/// <summary>The GPU model against published measurements: those it was fitted on, those of cards it never saw, and bars that are only
/// shown.</summary>
public static class GpuSuite
{
    /// <summary>Scores the committed tables of a <c>chips</c> folder, or one other table with the same columns.</summary>
    public static ValidationReport Run(GpuLibrary library, string chips, string? measurements = null)
    {
        if (measurements is not null)
            return Of(GpuValidation.Score(measurements, library.With(chips, Path.GetDirectoryName(Path.GetFullPath(measurements))!)), "");
        var folder = Path.Combine(chips, "gpus", "measurements");
        return ValidationReport.Join([
            Of(GpuValidation.Score(Path.Combine(folder, "calibration.csv"), library, GpuTable.Calibration), ""),
            Of(GpuValidation.Score(Path.Combine(folder, "anchors.csv"), library, GpuTable.Anchors), "anchors: "),
            Of(GpuValidation.Score(Path.Combine(folder, "prediction.csv"), library), ""),
            Of(GpuValidation.Score(Path.Combine(folder, "reference_bars.csv"), library, GpuTable.Reference), "bars: "),
        ]);
    }

    private static ValidationReport Of(GpuScore score, string prefix)
    {
        var gates = score.Groups.ToLookup(g => g.Name, StringComparer.Ordinal);
        return new ValidationReport
        {
            Groups =
            [
                .. score.Groups.Select(g => new ValidationGroup
                {
                    Suite = "gpu",
                    Name = prefix + g.Name,
                    Role = g.Role,
                    Count = g.Count,
                    MeanAbsPct = g.MeanAbsPct,
                    WorstPct = g.WorstPct,
                    BiasPct = g.BiasPct,
                    GatePct = g.GatePct,
                    Pass = g.Pass,
                }),
            ],
            Rows =
            [
                .. score.Rows.Select(r => new ValidationRow
                {
                    Suite = "gpu",
                    Id = r.Id,
                    Group = prefix + r.Group,
                    Role = gates[r.Group].First().Role,
                    Unit = "",
                    Measured = r.Measured,
                    MeasuredLow = r.Measured,
                    MeasuredHigh = r.Measured,
                    Predicted = r.Predicted,
                    Low = r.Low,
                    High = r.High,
                    ErrorPct = r.ErrorPct,
                    GatePct = gates[r.Group].First().GatePct,
                }),
            ],
            Unmodelled = [.. score.Unmodelled.Select(u => new UnmodelledRow("gpu", u.Id, u.Reason))],
        };
    }
}
