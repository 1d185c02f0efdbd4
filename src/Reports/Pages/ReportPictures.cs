using TaalasSim.ChipModel.Figures;
using TaalasSim.Reports.Charts;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Pages;

/// <summary>The pictures of a report.</summary>
public static class ReportPictures
{
    /// <summary>Draws those that the data has parts for; the caller disposes them.</summary>
    public static IReadOnlyList<Picture> Draw(ReportData data)
    {
        var pictures = new List<Picture> { ServiceMapChart.Draw(Map(data.Comparison)) };
        if (data.Latency is { } latency)
            pictures.Add(LatencyChart.Draw(latency));
        if (data.Area is { } area)
            pictures.Add(AreaChart.Draw(area));
        if (data.Power is { } power)
            pictures.Add(PowerChart.Draw(power));
        if (data.Floorplan is { } floorplan)
            pictures.Add(FloorplanChart.Draw(floorplan));
        if (data.Masks is { } masks)
            pictures.AddRange(masks.Draw());
        if (data.Sweep is { } sweep)
            pictures.Add(SeriesChart.Draw(sweep));
        return pictures;
    }

    /// <summary>Points of the service map: every system in both views.</summary>
    public static ServiceMapData Map(ComparisonReport comparison) =>
        new()
        {
            Title = FormattableString.Invariant(
                $"{comparison.Model}, {comparison.InputTokens:N0} tokens in, {comparison.OutputTokens:N0} out"
            ),
            Points =
            [
                .. from system in comparison.Systems()
                from view in Enum.GetValues<ServiceView>()
                let point = system.At(view)
                where point is not null
                select new ServiceMapPoint
                {
                    System = system.Name,
                    OneUser = view == ServiceView.OneUser,
                    Watts = point[FigureCatalog.Watts],
                    TokensPerSecondUser = point[FigureCatalog.TokensPerSecondUser],
                },
            ],
        };
}
