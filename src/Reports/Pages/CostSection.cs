using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Costs;

namespace TaalasSim.Reports.Pages;

/// <summary>What the chip costs, and from which volume it is cheaper than renting, buying and calling.</summary>
internal static class CostSection
{
    public static void Write(HtmlWriter html, ReportData data)
    {
        if (data.Costs is not { } costs)
            return;
        html.Element("section", () =>
        {
            html.Element("h2", "Cost and cross-over");
            foreach (var sentence in costs.Verdict)
                html.Element("p", sentence);
            html.Element(
                "p",
                $"Prices of {costs.PricesDate}; one-time costs are shared by {NumberText.Significant(costs.CardsPerModel)} "
                    + $"cards, or by one for "
                    + $"an own model. Full batch is {NumberText.Counted(costs.Users, "user")}. Yield: {costs.YieldModel}.",
                ("class", "muted")
            );
            html.Scrolled("Table: cross-over", () => CrossOver(html, costs));
            html.Scrolled("Table: cost by volume", () => ByVolume(html, costs));
            html.Element("details", () =>
            {
                html.Element("summary", "From wafer to token");
                FactTable.Write(
                    html,
                    [.. costs.Figures.Select(f => new Fact(f.Name, MeasureText.Of(f.Figure, f.Unit), f.Formula))],
                    "Costs"
                );
            });
        });
    }

    private static void CrossOver(HtmlWriter html, CostReport costs) => html.Element("table", () =>
        {
            html.Element("caption", "Volume from which the chip pays, million tokens a month");
            Heads(html, ["", "USD per million tokens", "card of the run", "own model"]);
            html.Element("tbody", () =>
            {
                foreach (var a in costs.Alternatives)
                    html.Element("tr", () =>
                    {
                        html.Element("th", a.Name, ("scope", "row"));
                        if (a.Unavailable.Length > 0)
                        {
                            html.Element("td", a.Unavailable, ("colspan", "3"));
                            return;
                        }

                        html.Element("td", NumberText.Range(a.UsdPerMillionTokens!.Value), ("class", "number"));
                        html.Element("td", Volume(a.CrossOverMillionPerMonth!.Value), ("class", "number"));
                        html.Element("td", Volume(a.OwnModelCrossOverMillionPerMonth!.Value), ("class", "number"));
                    });
            });
        });

    private static void ByVolume(HtmlWriter html, CostReport costs) => html.Element("table", () =>
        {
            html.Element("caption", "USD a month by volume, million tokens a month");
            Heads(html, ["", .. CostReport.VolumesMillion.Select(v => NumberText.Count((long)v))]);
            html.Element("tbody", () =>
            {
                Row("card of the run", costs.UsdPerMonth);
                Row("own model", costs.OwnModelUsdPerMonth);
                foreach (var a in costs.Alternatives.Where(a => a.Unavailable.Length == 0))
                    Row(a.Name, a.UsdPerMonth);
            });

            void Row(string name, IReadOnlyList<UncertaintyRange> values) => html.Element("tr", () =>
                {
                    html.Element("th", name, ("scope", "row"));
                    foreach (var value in values)
                        html.Element("td", NumberText.Significant(value.Value), ("class", "number"));
                });
        });

    private static void Heads(HtmlWriter html, IReadOnlyList<string> heads) => html.Element("thead", () => html.Element("tr", () =>
            {
                foreach (var head in heads)
                    html.Element(head.Length > 0 ? "th" : "td", head, head.Length > 0 ? [("scope", "col")] : []);
            }));

    private static string Volume(UncertaintyRange volume)
    {
        var (value, low, high) = (Text(volume.Value), Text(volume.Low), Text(volume.High));
        return value == low && value == high ? value : $"{value} ({low} – {high})";

        static string Text(double million) =>
            double.IsInfinity(million) ? "never"
            : million == 0 ? "always"
            : NumberText.Significant(million);
    }
}
