using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Pages;

/// <summary>A ratio table: figures down; chip, GPU and ratio of both views across.</summary>
internal static class RatioSection
{
    public static void Write(HtmlWriter html, RatioTable table) => html.Element("table", () =>
        {
            html.Element("caption", $"{table.Title}: {RatioTable.Legend}");
            html.Element("thead", () =>
            {
                html.Element("tr", () =>
                {
                    html.Element("th", "", ("rowspan", "2"));
                    foreach (var view in Enum.GetValues<ServiceView>())
                        html.Element("th", ComparisonSection.Name(view), ("scope", "colgroup"), ("colspan", "3"));
                });
                html.Element("tr", () =>
                {
                    foreach (var _ in Enum.GetValues<ServiceView>())
                    foreach (var head in new[] { "chip", "GPU", "ratio" })
                        html.Element("th", head, ("scope", "col"));
                });
            });
            html.Element("tbody", () =>
            {
                html.Element("tr", () => Users(html, table));
                foreach (var row in table.Rows)
                    html.Element("tr", () => Row(html, row));
            });
        });

    private static void Users(HtmlWriter html, RatioTable table)
    {
        html.Element("th", "users", ("scope", "row"));
        foreach (var view in Enum.GetValues<ServiceView>())
        {
            Number(html, RatioTable.Users(table.Chip, view));
            Number(html, RatioTable.Users(table.Gpu, view));
            Number(html, "");
        }
    }

    private static void Row(HtmlWriter html, RatioRow row)
    {
        var (scale, label) = RatioTable.Label(row);
        html.Element("th", label, ("scope", "row"));
        foreach (var view in Enum.GetValues<ServiceView>())
        {
            var cell = row.At(view);
            Number(html, cell is null ? "–" : NumberText.Significant(cell.Chip.Value / scale));
            Number(html, cell is null ? "–" : NumberText.Significant(cell.Gpu.Value / scale));
            Number(html, cell is null ? "" : RatioTable.Ratio(cell));
        }
    }

    private static void Number(HtmlWriter html, string text) => html.Element("td", text, ("class", "number"));
}
