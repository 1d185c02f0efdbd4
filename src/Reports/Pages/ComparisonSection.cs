using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Pages;

/// <summary>The full table: one for each view, so that no one reads across service points.</summary>
internal static class ComparisonSection
{
    public static string Name(ServiceView view) => view == ServiceView.OneUser ? "one user" : "full batch";

    public static void Write(HtmlWriter html, ReportData data) => html.Element("section", () =>
        {
            html.Element("h2", "Comparison");
            html.Element(
                "p",
                "The two tables are different service points: ratios from one must not be multiplied by ratios from the other."
            );
            foreach (var view in Enum.GetValues<ServiceView>())
                html.Element("div", () => Table(html, data.Comparison, view), ("class", "wide"));
        });

    private static void Table(HtmlWriter html, ComparisonReport comparison, ServiceView view) => html.Element("table", () =>
        {
            html.Element("caption", view == ServiceView.OneUser ? "One user" : "Full batch: as many users as each system takes");
            html.Element("thead", () => html.Element("tr", () =>
                {
                    html.Element("th", "system", ("scope", "col"));
                    html.Element("th", "users", ("scope", "col"));
                    foreach (var figure in ComparedFigure.All)
                        html.Element("th", $"{figure.Name} ({figure.Unit})", ("scope", "col"));
                    html.Element("th", "limited by", ("scope", "col"));
                }));
            html.Element("tbody", () =>
            {
                foreach (var system in comparison.Systems())
                    html.Element("tr", () => Row(html, system, view), ("class", ReferenceEquals(system, comparison.Chip) ? "chip" : "gpu"));
            });
        });

    private static void Row(HtmlWriter html, ComparedSystem system, ServiceView view)
    {
        html.Element(
            "th",
            () =>
            {
                html.Text(system.Name);
                if (system.Detail.Length > 0)
                    html.Element("span", system.Detail, ("class", "interval"));
            },
            ("scope", "row")
        );
        if (system.At(view) is not { } point)
        {
            html.Element("td", system.Unavailable.Length > 0 ? system.Unavailable : "no figures", ("colspan", "7"));
            return;
        }

        html.Element("td", NumberText.Significant(point.Users), ("class", "number"));
        foreach (var figure in ComparedFigure.All)
        {
            var value = figure.Of(point);
            html.Element(
                "td",
                () =>
                {
                    html.Text(NumberText.Significant(value.Value));
                    html.Element(
                        "span",
                        $"{NumberText.Significant(value.Low)} – {NumberText.Significant(value.High)}",
                        ("class", "interval")
                    );
                },
                ("class", "number")
            );
        }

        html.Element("td", point.Limit);
    }
}
