namespace TaalasSim.Reports.Pages;

/// <summary>Whether the chip still says what its model says.</summary>
internal static class QualitySection
{
    public static void Write(HtmlWriter html, ReportData data)
    {
        if (data.Quality is not { } quality)
            return;
        html.Element("section", () =>
        {
            html.Element("h2", "Does it still say the same?");
            if (quality.Measured.Count > 0)
                FactTable.Write(html, quality.Measured, "Quality");
            if (quality.Missing.Length > 0)
                html.Element("p", quality.Missing);
        });
    }
}
