using TaalasSim.ChipModel.Figures;
using TaalasSim.Reports.Charts;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Pages;

/// <summary>The pictures of a report.</summary>
public static class ReportPictures
{
    /// <summary>The section at the top of the page.</summary>
    public static ReportSection Headline { get; } = new("", "");

    /// <summary>Parts of time, area and power: tables that draw them in the page, pictures beside it.</summary>
    public static ReportSection Where { get; } = new("", "Where time, area and power go.");

    /// <summary>A sweep.</summary>
    public static ReportSection Sweep { get; } = new("The sweep", "A sweep of design points; bars are intervals.");

    private static readonly ReportSection Floorplan = new(
        "Floorplan",
        "Where the model's matrices are. A token moves from layer to layer; neighbouring layers are neighbours on the die."
    );

    private static readonly ReportSection Masks = new(
        "The two mask layers",
        "What the fab would draw: on the weights layer a via for every stored bit that is one, on the dataflow layer a strap for "
            + "every one. "
            + "Coordinates are those of the GDSII file."
    );

    /// <summary>The charts of a report, in the order of the page. A new chart is a class that draws it and a line here.</summary>
    public static IReadOnlyList<ReportChart> Charts { get; } =
    [
        new(Headline, data => [ServiceMapChart.Draw(Map(data.Comparison))]),
        ReportChart.Of(Where, data => data.Latency, LatencyChart.Draw),
        ReportChart.Of(Where, data => data.Where?.Area, AreaChart.Draw),
        ReportChart.Of(Where, data => data.Where?.Power, PowerChart.Draw),
        ReportChart.Of(Floorplan, data => data.Floorplan, FloorplanChart.Draw),
        new(Masks, data => data.Masks?.Draw() ?? []),
        ReportChart.Of(Sweep, data => data.Sweep, SeriesChart.Draw),
    ];

    /// <summary>Draws the charts that the data has parts for; the caller disposes the pictures.</summary>
    /// <param name="data">What the page shows.</param>
    /// <param name="charts">Charts; null takes those of every report.</param>
    public static IReadOnlyList<ReportPicture> Draw(ReportData data, IReadOnlyList<ReportChart>? charts = null) =>
        [.. (charts ?? Charts).SelectMany(chart => chart.Draw(data).Select(picture => new ReportPicture(chart.Section, picture)))];

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
