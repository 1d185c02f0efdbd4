using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Pages;

/// <summary>All figures with their intervals: one table for each view, so that no one reads across service points.</summary>
internal static class ComparisonSection
{
    /// <summary>Which figures of the chip are calibrated, in a sentence.</summary>
    public static string BasisText(ComparisonReport comparison)
    {
        var fitted = Enum.GetValues<ServiceView>()
            .Select(view => (View: view, Point: comparison.Chip.At(view)))
            .Where(p => p.Point is { Calibrated.Count: > 0 })
            .Select(p =>
                $"{string.Join(" and ", ServicePoint.Recorded.Where(p.Point!.Calibrated.Contains).Select(f => f.Label))} "
                + $"({AnswerTable.Name(p.View)})"
            )
            .ToList();
        return fitted.Count == 0
            ? "Every figure is a prediction: the model was fitted on none of them."
            : $"Calibrated, that is fitted on what was published: {string.Join("; ", fitted)}. Every other figure is a prediction.";
    }

    public static void Write(HtmlWriter html, ReportData data) => html.Element("section", () =>
        {
            html.Element("h2", "What limits each system");
            html.Element("p", "The two tables are different service points: never multiply a ratio of one with a ratio of the other.");
            foreach (var sentence in Verdict.Sentences(data.Comparison))
                html.Element("p", sentence);
            html.Element("details", () =>
            {
                html.Element("summary", "Every figure and its limit");
                foreach (var view in Enum.GetValues<ServiceView>())
                    html.Scrolled($"Table: every figure, {AnswerTable.Name(view)}", () => Table(html, data.Comparison, view));
            });
        });

    private static void Table(HtmlWriter html, ComparisonReport comparison, ServiceView view) => html.Element("table", () =>
        {
            html.Element("caption", view == ServiceView.OneUser ? "One user" : "Full batch: as many users as each system takes");
            html.Element("thead", () => html.Element("tr", () =>
                {
                    html.Element("th", "system", ("scope", "col"));
                    html.Element("th", "users", ("scope", "col"));
                    foreach (var figure in ServicePoint.Compared)
                        html.Element("th", $"{figure.Label} ({MeasureText.Unit(figure.Unit)})", ("scope", "col"));
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

        html.Element("td", MeasureText.Number(point.Users, "users"), ("class", "number"));
        foreach (var figure in ServicePoint.Compared)
        {
            var range = point[figure];
            var (scale, unit) = MeasureText.Scale(figure.Unit, range.Value);
            var prefixed = unit == MeasureText.Unit(figure.Unit) ? "" : $" {unit}";
            html.Element(
                "td",
                () =>
                {
                    html.Text(NumberText.Significant(range.Value / scale) + prefixed);
                    html.Element(
                        "span",
                        $"{NumberText.Significant(range.Low / scale)} – {NumberText.Significant(range.High / scale)}{prefixed}"
                            + (point.Calibrated.Contains(figure) ? ", calibrated" : ""),
                        ("class", "interval")
                    );
                },
                ("class", "number")
            );
        }

        html.Element("td", point.Limit);
    }
}
