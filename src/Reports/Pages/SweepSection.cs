using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Pages;

/// <summary>A sweep: its curves, its front with the chosen point, and every point.</summary>
internal static class SweepSection
{
    // More rows are in the table of the sweep's folder.
    private const int MostRows = 400;

    public static void Write(HtmlWriter html, ReportData data, IReadOnlyList<ReportPicture> pictures)
    {
        var shown = pictures.Where(p => p.Section == ReportPictures.Sweep).ToList();
        if (data.SweepPoints is null && shown.Count == 0)
            return;
        html.Element("section", () =>
        {
            html.Element("h2", ReportPictures.Sweep.Title);
            if (data.SweepPoints is { } sweep)
                html.Element("p", $"{sweep.Title}. {sweep.Counts} {sweep.Choice}");
            foreach (var picture in shown)
                PictureSections.Figure(html, picture.Picture);
            if (data.SweepPoints is not { } view)
                return;
            var front = view.Points.Where(p => p.OnFront).ToList();
            if (front.Count > 0)
                html.Scrolled("Table: front", () => Table(html, view, "Pareto front", front));
            html.Element("details", () =>
            {
                html.Element("summary", "Every point");
                html.Scrolled("Table: points", () => Table(html, view, "Points that fit", [.. view.Points.Take(MostRows)]));
                if (view.Points.Count > MostRows)
                    html.Element("p", $"The first {MostRows} of {NumberText.Count(view.Points.Count)}; the table is in the folder sweep.");
            });
        });
    }

    private static void Table(HtmlWriter html, SweepView view, string caption, IReadOnlyList<SweepViewPoint> points) =>
        html.Element("table", () =>
        {
            html.Element("caption", caption);
            html.Element("thead", () => html.Element("tr", () =>
                {
                    foreach (var column in view.Columns)
                        html.Element("th", column, ("scope", "col"));
                }));
            html.Element("tbody", () =>
            {
                foreach (var point in points)
                    html.Element("tr", () => Row(html, point), ("class", point.Chosen ? "chip" : "point"));
            });
        });

    private static void Row(HtmlWriter html, SweepViewPoint point)
    {
        foreach (var (value, i) in point.Values.Select((v, i) => (v, i)))
            html.Element(
                i == 0 ? "th" : "td",
                i == 0 && point.Chosen ? value + " (chosen)" : value,
                i == 0 ? [("scope", "row")] : Array.Empty<(string, string)>()
            );
        foreach (var figure in point.Figures)
            html.Element(
                "td",
                () =>
                {
                    html.Text(figure is { } f ? NumberText.Significant(f.Value) : "–");
                    if (figure is { } range && range.High > range.Low)
                        html.Element(
                            "span",
                            $"{NumberText.Significant(range.Low)} – {NumberText.Significant(range.High)}",
                            ("class", "interval")
                        );
                },
                ("class", "number")
            );
    }
}
