using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Pages;

/// <summary>Constants with sources, their hash, and how to make the report again.</summary>
internal static class ProvenanceSection
{
    public static void Write(HtmlWriter html, ReportData data)
    {
        html.Element("section", () =>
        {
            html.Element("h2", "Constants behind the figures");
            if (data.MostSensitive.Count > 0)
            {
                html.Element("p", "The constants with the largest effect on the headline:");
                html.Element("ul", () =>
                {
                    foreach (var line in data.MostSensitive)
                        html.Element("li", line);
                });
            }

            html.Element("p", () =>
                html.Text($"{data.Constants.Items.Count} constants; SHA-256 of the list ")
                    .Element("code", data.Constants.Sha256)
                    .Text(". Two reports with the same hash use the same constants.")
            );
            html.Element("div", () => html.Element("table", () =>
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
                                    html.Element("td", path, ("class", "code"));
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
                    }), ("class", "wide"));
        });
        html.Element("section", () =>
        {
            html.Element("h2", "How to repeat this report");
            html.Element("pre", string.Join('\n', data.Commands));
            html.Element("p", $"Written by {data.Product}. The same inputs give the same page.", ("class", "muted"));
        });
    }
}
