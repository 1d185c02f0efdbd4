namespace TaalasSim.Reports.Pages;

/// <summary>What the chip is: resources and digests.</summary>
internal static class ChipSection
{
    public static void Write(HtmlWriter html, ReportData data) => html.Element("section", () =>
        {
            html.Element("h2", "The chip");
            FactTable.Write(html, data.Chip, "the chip");
        });
}
