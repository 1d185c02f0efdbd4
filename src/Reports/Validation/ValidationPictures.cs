using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Charts;

namespace TaalasSim.Reports.Validation;

/// <summary>Pictures of a validation.</summary>
public static class ValidationPictures
{
    private static readonly string[] Physical = ["silicon", "gpu"];

    /// <summary>Predicted against measured, and error by group, of everything that was measured on hardware; the caller disposes
    /// them.</summary>
    public static IReadOnlyList<Picture> Draw(ValidationReport report)
    {
        var rows = report.Rows.Where(r => Physical.Contains(r.Suite, StringComparer.Ordinal)).ToList();
        if (rows.Count == 0)
            return [];
        // One measure of many decades hides every error: GPUs, whose figures lie within five decades, get the diagonal where there are any.
        var gpus = rows.Where(r => r.Suite == "gpu" && r.Role != "reference").ToList();
        return
        [
            ParityChart.Draw(
                new ParityData
                {
                    Title = gpus.Count > 0 ? "GPUs: predicted against measured" : "Predicted against measured",
                    Unit = "each in its own unit",
                    Points =
                    [
                        .. (gpus.Count > 0 ? gpus : rows).Select(r => new ParityPoint(
                            Name(r),
                            r.Measured,
                            new UncertaintyRange(r.Predicted, r.Low, r.High)
                        )),
                    ],
                }
            ),
            ErrorChart.Draw(
                new ErrorData
                {
                    Title = "Error by group",
                    Groups =
                    [
                        .. rows.GroupBy(Name, StringComparer.Ordinal)
                            .Select(g => new ErrorGroup(g.Key, [.. g.Select(r => r.ErrorPct / 100)])),
                    ],
                }
            ),
        ];
    }

    private static string Name(ValidationRow row) => $"{row.Suite}: {row.Group} ({row.Role})";
}
