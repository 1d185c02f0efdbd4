using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Cli.Terminal;

/// <summary>The table of whole forecasts on chip and GPUs.</summary>
internal static class ForecastComparisonOutput
{
    /// <summary>Writes the table, each figure with its interval.</summary>
    public static void Write(TextWriter text, ForecastComparison forecasts)
    {
        text.WriteLine(
            $"\nA token is a patch of {forecasts.Patches.InputPoints} points. One request is a forecast of {forecasts.Points} points from "
                + $"{NumberText.Count(forecasts.ContextPoints)}: {forecasts.Patches.SeriesPerForecast} series, "
                + $"one pass over the context and {NumberText.Counted(forecasts.Steps, "step")} of "
                + $"{forecasts.Patches.PatchesPerStep} patches; "
                + $"chip of {NumberText.Significant(forecasts.Mm2)} mm²"
        );
        var table = new TextTable()
            .Words("")
            .Numbers("at once")
            .Numbers("µs/forecast")
            .Numbers("forecasts/s")
            .Numbers("mJ/forecast")
            .Numbers("USD/million");
        foreach (var row in forecasts.Rows)
        {
            table.Row(
                row.System,
                MeasureText.Number(row.Users, "users"),
                NumberText.Significant(row.ForecastUs.Value),
                NumberText.Significant(row.ForecastsPerSecond.Value),
                NumberText.Significant(1e3 * row.JoulesPerForecast.Value),
                NumberText.Significant(row.UsdPerMillionForecasts.Value)
            );
            table.Row(
                "  90 % interval",
                "",
                Range(row.ForecastUs, 1),
                Range(row.ForecastsPerSecond, 1),
                Range(row.JoulesPerForecast, 1e3),
                Range(row.UsdPerMillionForecasts, 1)
            );
        }

        table.Write(text);
    }

    private static string Range(UncertaintyRange range, double scale) =>
        $"{NumberText.Significant(scale * range.Low)} – {NumberText.Significant(scale * range.High)}";
}
