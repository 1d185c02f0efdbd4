namespace TaalasSim.Reports.Pages;

/// <summary>Where time, silicon and watts go.</summary>
public static class WhereSection
{
    internal static void Write(HtmlWriter html, ReportData data)
    {
        if (data.Where is not { } where)
            return;
        html.Element("section", () =>
        {
            html.Element("h2", "Where time, area and power go");
            html.Element(
                "p",
                "Parts add up to the total. Time is that of the critical path: parallel work adds none. A bar is the best "
                    + "estimate, the thin "
                    + "line its 90 % interval; the files latency, area and power beside this page are the same as pictures.",
                ("class", "muted")
            );
            html.Element("div", () => Body(html, where), ("id", "where"));
        });
    }

    /// <summary>The three tables: what changes when the design does.</summary>
    /// <param name="html">Page.</param>
    /// <param name="where">Parts.</param>
    public static void Body(HtmlWriter html, WhereItGoes where) =>
        html.Element(
            "div",
            () =>
            {
                html.Element("div", () => BreakdownTable.Write(html, where.Time, "us"));
                html.Element("div", () => BreakdownTable.Write(html, where.Area, "mm2"));
                html.Element("div", () => BreakdownTable.Write(html, where.Power, "W"));
            },
            ("class", "columns")
        );
}
