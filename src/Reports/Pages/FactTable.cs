namespace TaalasSim.Reports.Pages;

/// <summary>A table of facts: name, value, note.</summary>
internal static class FactTable
{
    public static void Write(HtmlWriter html, IReadOnlyList<Fact> facts, string name) =>
        html.Scrolled($"Table: {name}", () => html.Element("table", () => html.Element("tbody", () =>
                {
                    var notes = facts.Any(f => f.Note.Length > 0);
                    foreach (var fact in facts)
                    {
                        html.Element("tr", () =>
                        {
                            html.Element("th", fact.Name, ("scope", "row"));
                            // Digests and paths have no spaces to break at.
                            html.Element(
                                "td",
                                fact.Value,
                                ("class", fact.Value.Length > 30 && !fact.Value.Contains(' ', StringComparison.Ordinal) ? "code" : "value")
                            );
                            if (notes)
                                html.Element("td", fact.Note, ("class", "muted"));
                        });
                    }
                })));
}
