using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Pages;

/// <summary>The first screen: what was asked, the answer in a sentence, the ratio tables and the picture that shows them.</summary>
public static class AnswerSection
{
    /// <summary>Writes heading and section.</summary>
    internal static void Write(HtmlWriter html, ReportData data)
    {
        html.Element("header", () =>
        {
            html.Element("h1", data.Title);
            html.Element("p", Answer.Question(data.Comparison), ("class", "muted"));
        });
        html.Element("section", () =>
        {
            html.Element("h2", "The answer");
            html.Element("div", () => Body(html, data.Comparison), ("id", "answer"), ("aria-live", "polite"));
        });
    }

    /// <summary>Sentence, tables and picture of a comparison: what changes when the design does.</summary>
    /// <param name="html">Page.</param>
    /// <param name="comparison">Chip and GPUs.</param>
    public static void Body(HtmlWriter html, ComparisonReport comparison)
    {
        html.Element("p", Answer.Sentence(comparison), ("class", "lead"));
        html.Element(
            "div",
            () =>
            {
                html.Element("div", () =>
                {
                    foreach (var table in AnswerTable.Of(comparison))
                        html.Scrolled($"Table: {AnswerTable.Name(table.View)}", () => Table(html, table));
                    html.Element("p", AnswerTable.Legend + " " + ComparisonSection.BasisText(comparison), ("class", "muted"));
                });
                html.Element("figure", () => ServiceMap.Write(html, ReportPictures.Map(comparison)));
            },
            // Beside the picture only where the tables are narrow.
            ("class", comparison.Gpus.Count > 1 ? "first" : "first beside")
        );
        foreach (var system in comparison.Systems().Where(s => s.Unavailable.Length > 0))
            html.Element("p", $"{system.Name}: {system.Unavailable}.");
        html.Element("p", $"{comparison.Chip.Name}: {comparison.Speed.Text()}.", ("class", "muted"));
    }

    private static void Table(HtmlWriter html, AnswerTable table) =>
        html.Element(
            "table",
            () =>
            {
                html.Element("caption", table.View == ServiceView.OneUser ? "One user" : "Full batch: as many users as each system takes");
                html.Element("thead", () => html.Element("tr", () => Heads(html, table)));
                html.Element("tbody", () =>
                {
                    foreach (var row in table.Rows)
                        html.Element("tr", () =>
                        {
                            html.Element("th", row.Label, ("scope", "row"));
                            foreach (var cell in row.Cells)
                                Cell(html, cell);
                        });
                });
            },
            ("class", "answer")
        );

    private static void Heads(HtmlWriter html, AnswerTable table)
    {
        html.Element("td", "");
        Head(html, table.Chip);
        foreach (var gpu in table.Gpus)
        {
            Head(html, gpu);
            html.Element("th", "ratio", ("scope", "col"));
        }
    }

    private static void Head(HtmlWriter html, ComparedSystem system) =>
        html.Element(
            "th",
            () =>
            {
                html.Text(system.Name);
                if (system.Detail.Length > 0)
                    html.Element("span", system.Detail, ("class", "interval"));
            },
            ("scope", "col")
        );

    private static void Cell(HtmlWriter html, AnswerCell cell) =>
        html.Element(
            "td",
            () =>
            {
                if (cell.Standing is { } standing)
                    html.Element("b", cell.Value, ("class", standing.ToString().ToLowerInvariant()));
                else
                    html.Text(cell.Value);
                if (cell.Note.Length > 0)
                    html.Text(" ").Element("small", cell.Note);
                if (cell.Interval.Length > 0)
                    html.Element("span", cell.Interval, ("class", "interval"));
            },
            ("class", "number")
        );
}
