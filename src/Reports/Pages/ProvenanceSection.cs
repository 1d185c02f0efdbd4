using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Pages;

/// <summary>Assumptions and constants with sources, folded away, and how to make the report again.</summary>
internal static class ProvenanceSection
{
    public static void Write(HtmlWriter html, ReportData data)
    {
        html.Element("section", () =>
        {
            html.Element("h2", "Assumptions and sources");
            html.Element("ul", () =>
            {
                var speed = data.Comparison.Speed;
                html.Element("li", $"Clock: {speed.ClockSource}.");
                html.Element("li", $"Latency factor: {speed.LatencyFactorSource}.");
                foreach (var line in data.Comparison.Assumptions.Concat(data.Remarks))
                    html.Element("li", line);
            });
            html.Element(
                "details",
                () =>
                {
                    html.Element("summary", $"{data.Constants.Items.Count} constants behind the figures");
                    html.Element("p", () =>
                        html.Text("SHA-256 of the list ")
                            .Element("code", data.Constants.Sha256)
                            .Text(". Two reports with the same hash use the same constants.")
                    );
                    html.Scrolled("Table: constants", () => Constants(html, data));
                },
                ("id", "sources")
            );
        });
        html.Element("section", () =>
        {
            html.Element("h2", "Make this report again");
            html.Element("pre", string.Join('\n', data.Commands), ("id", "again"), ("tabindex", "0"));
            html.Element("p", $"Written by {data.Product}. The same command on the same inputs gives the same bytes.", ("class", "muted"));
        });
    }

    private static void Constants(HtmlWriter html, ReportData data) => html.Element("table", () =>
        {
            html.Element("thead", () => html.Element("tr", () =>
                {
                    foreach (var head in new[] { "constant", "value", "interval", "unit", "confidence", "source" })
                        html.Element("th", head, ("scope", "col"));
                }));
            html.Element("tbody", () =>
            {
                foreach (var (path, constant) in data.Constants.Items)
                {
                    html.Element("tr", () =>
                    {
                        html.Element("th", path, ("class", "code"), ("scope", "row"));
                        html.Element("td", NumberText.Significant(constant.Value), ("class", "number"));
                        html.Element(
                            "td",
                            constant.Low == constant.High
                                ? "exact"
                                : $"{NumberText.Significant(constant.Low)} – {NumberText.Significant(constant.High)}",
                            ("class", "number")
                        );
                        html.Element("td", constant.Unit);
                        html.Element("td", constant.Confidence);
                        html.Element("td", constant.Source);
                    });
                }
            });
        });
}
