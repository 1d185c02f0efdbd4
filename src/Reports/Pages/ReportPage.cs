namespace TaalasSim.Reports.Pages;

/// <summary>One HTML page that holds everything it shows: no scripts, no requests.</summary>
public static class ReportPage
{
    /// <summary>The page as text.</summary>
    /// <param name="data">What it shows.</param>
    /// <param name="pictures">Pictures of <see cref="ReportPictures.Draw"/>.</param>
    public static string Render(ReportData data, IReadOnlyList<ReportPicture> pictures)
    {
        var html = new HtmlWriter();
        html.Element(
            "html",
            () =>
            {
                html.Element("head", () =>
                {
                    html.Void("meta", ("charset", "utf-8"));
                    html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
                    // Nothing may be fetched, whatever a model's name or a constant's source says.
                    html.Void(
                        "meta",
                        ("http-equiv", "Content-Security-Policy"),
                        ("content", "default-src 'none'; img-src data:; style-src 'unsafe-inline'")
                    );
                    html.Element("title", data.Title);
                    html.Style(PageStyle.Css);
                });
                html.Element("body", () =>
                {
                    html.Element("a", "Skip to the answer", ("href", "#answer"), ("class", "skip"));
                    html.Element("main", () =>
                    {
                        AnswerSection.Write(html, data);
                        QualitySection.Write(html, data);
                        WhereSection.Write(html, data);
                        PictureSections.Write(html, pictures);
                        MovesSection.Write(html, data);
                        CostSection.Write(html, data);
                        SweepSection.Write(html, data, pictures);
                        ChipSection.Write(html, data);
                        WeightChoiceSection.Write(html, data.Weights);
                        ComparisonSection.Write(html, data);
                        ProvenanceSection.Write(html, data);
                    });
                });
            },
            ("lang", "en")
        );
        return html.ToString();
    }
}
