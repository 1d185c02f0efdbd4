using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Pages;

/// <summary>The answer first: both views of chip and GPUs, and their ratios.</summary>
internal static class HeadlineSection
{
    public static void Write(HtmlWriter html, ReportData data, IReadOnlyList<ReportPicture> pictures)
    {
        var c = data.Comparison;
        html.Element("header", () =>
        {
            html.Element("h1", data.Title);
            html.Element(
                "p",
                $"{c.Model}; {NumberText.Count(c.InputTokens)} prompt and {NumberText.Count(c.OutputTokens)} answer tokens per request. "
                    + $"chip and GPUs under load {NumberText.Significant(100 * c.Utilisation)} % of the time. Every figure has its 90 "
                    + "% interval.",
                ("class", "muted")
            );
        });
        html.Element("section", () =>
        {
            html.Element("h2", "The answer");
            html.Element(
                "div",
                () =>
                {
                    foreach (var view in Enum.GetValues<ServiceView>())
                    foreach (var system in c.Systems())
                        Card(html, system, view);
                },
                ("class", "cards")
            );
            foreach (var table in RatioTable.Of(c))
                html.Element("div", () => RatioSection.Write(html, table), ("class", "wide"));
            html.Element("p", string.Join(' ', Verdict.Sentences(c)));
            html.Element(
                "p",
                $"{c.Chip.Name}: {c.Speed.Text()}. Clock: {c.Speed.ClockSource}. Latency factor: {c.Speed.LatencyFactorSource}."
            );
            foreach (var assumption in c.Assumptions)
                html.Element("p", assumption);
            html.Element("p", ComparisonSection.BasisText(c));
            foreach (var remark in data.Remarks)
                html.Element("p", remark);
            foreach (var picture in pictures.Where(p => p.Section == ReportPictures.Headline))
                PictureSections.Figure(html, picture.Picture);
        });
    }

    private static void Card(HtmlWriter html, ComparedSystem system, ServiceView view)
    {
        html.Element(
            "div",
            () =>
            {
                html.Element("span", $"{system.Name}, {ComparisonSection.Name(view)}");
                if (system.At(view) is not { } point)
                {
                    html.Element("p", system.Unavailable.Length > 0 ? system.Unavailable : "no figures", ("class", "muted"));
                    return;
                }

                var speed = point[FigureCatalog.TokensPerSecondUser];
                html.Element("b", MeasureText.Of(speed.Value, FigureCatalog.TokensPerSecondUser.Unit));
                html.Element(
                    "span",
                    $"per user ({NumberText.Significant(speed.Low)} – {NumberText.Significant(speed.High)})",
                    ("class", "interval")
                );
                html.Element(
                    "span",
                    $"{Text(point, FigureCatalog.Watts)} · {Text(point, FigureCatalog.JoulesPerToken)} per token · "
                        + $"{Text(point, FigureCatalog.UsdPerMillionTokens)} per million tokens",
                    ("class", "muted")
                );
            },
            ("class", "card")
        );
    }

    private static string Text(ServicePoint point, FigureDefinition figure) => MeasureText.Of(point[figure].Value, figure.Unit);
}
