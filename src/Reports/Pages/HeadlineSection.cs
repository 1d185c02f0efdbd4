using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Charts;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Pages;

/// <summary>The answer first: both views, chip and GPUs, and the verdict in words.</summary>
internal static class HeadlineSection
{
    public static void Write(HtmlWriter html, ReportData data, IReadOnlyList<Picture> pictures)
    {
        var c = data.Comparison;
        html.Element("header", () =>
        {
            html.Element("h1", data.Title);
            html.Element(
                "p",
                $"{c.Model}; each request {NumberText.Significant(c.InputTokens)} tokens in and {NumberText.Significant(c.OutputTokens)} out. Every figure is a prediction with its interval: nine of ten draws of the constants are inside it.",
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
            html.Element("ul", () =>
            {
                foreach (var sentence in Verdict.Sentences(c))
                    html.Element("li", sentence);
            });
            foreach (var remark in data.Remarks)
                html.Element("p", remark);
            PictureSections.Figure(html, pictures, "service-map");
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

                html.Element("b", $"{NumberText.Significant(point.TokensPerSecondUser.Value)} tokens/s");
                html.Element(
                    "span",
                    $"for each user ({NumberText.Significant(point.TokensPerSecondUser.Low)} – {NumberText.Significant(point.TokensPerSecondUser.High)})",
                    ("class", "interval")
                );
                html.Element(
                    "span",
                    $"{NumberText.Significant(point.Watts.Value)} W · {NumberText.Si(point.JoulesPerToken.Value, "J")} a token · {NumberText.Significant(point.UsdPerMillionTokens.Value)} USD a million tokens",
                    ("class", "muted")
                );
            },
            ("class", "card")
        );
    }
}
