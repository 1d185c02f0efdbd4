namespace TaalasSim.Reports.Pages;

/// <summary>Die, yield, masks, card and tokens in dollars.</summary>
internal static class CostSection
{
    public static void Write(HtmlWriter html, ReportData data)
    {
        if (data.Cost.Count == 0)
            return;
        html.Element("section", () =>
        {
            html.Element("h2", "Cost");
            FactTable.Write(html, data.Cost);
        });
    }
}
