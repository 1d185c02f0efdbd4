using System.Globalization;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Charts;

namespace TaalasSim.Reports.Pages;

/// <summary>Parts of a total as a table whose middle column draws them: bar for the value, line for the interval.</summary>
internal static class BreakdownTable
{
    // A part below that share of the total is not drawn; the last row sums such parts.
    private const double LeastShare = 0.002;

    public static void Write(HtmlWriter html, BreakdownData data, string unit)
    {
        var parts = data
            .Parts.Where(p => p.Value.Value > 0)
            .OrderByDescending(p => p.Value.Value)
            .ThenBy(p => p.Name, StringComparer.Ordinal)
            .ToList();
        var total = parts.Sum(p => p.Value.Value);
        var longest = parts.Select(p => Math.Max(p.Value.Value, p.Value.High)).DefaultIfEmpty(1).Max();
        html.Element(
            "table",
            () =>
            {
                html.Element("caption", $"{data.Title}: {MeasureText.Of(data.Total ?? UncertaintyRange.Exact(total), unit)}");
                html.Element("tbody", () =>
                {
                    foreach (var part in parts.Where(p => p.Value.Value >= LeastShare * total))
                        html.Element("tr", () => Row(html, part, total, longest, unit));
                    var rest = parts.Where(p => p.Value.Value < LeastShare * total).ToList();
                    if (rest.Count > 0)
                        html.Element("tr", () =>
                            Row(
                                html,
                                new BreakdownPart("the rest", UncertaintyRange.Exact(rest.Sum(p => p.Value.Value))),
                                total,
                                longest,
                                unit
                            )
                        );
                });
            },
            ("class", "bars")
        );
    }

    private static void Row(HtmlWriter html, BreakdownPart part, double total, double longest, string unit)
    {
        var value = part.Value;
        html.Element("th", part.Name, ("scope", "row"));
        html.Element("td", () => Bar.Write(html, 0, value.Value, value.Low, value.High, longest), ("class", "drawn"));
        html.Element(
            "td",
            () =>
            {
                html.Text(MeasureText.Of(value.Value, unit));
                html.Element("small", string.Create(CultureInfo.InvariantCulture, $" {value.Value / total * 100:0.0} %"));
                if (value.High > value.Low)
                    html.Element(
                        "span",
                        $"{NumberText.Significant(value.Low)} – {NumberText.Significant(value.High)}",
                        ("class", "interval")
                    );
            },
            ("class", "number")
        );
    }
}
