using System.Globalization;
using TaalasSim.Reports.Charts;

namespace TaalasSim.Reports.Pages;

/// <summary>The sections of pictures below the headline, in the order in which charts are registered.</summary>
internal static class PictureSections
{
    public static void Write(HtmlWriter html, IReadOnlyList<ReportPicture> pictures)
    {
        var elsewhere = new[] { ReportPictures.Headline, ReportPictures.Where, ReportPictures.Sweep };
        foreach (var section in pictures.GroupBy(p => p.Section).Where(g => !elsewhere.Contains(g.Key)))
        {
            html.Element("section", () =>
            {
                html.Element("h2", section.Key.Title);
                html.Element("p", section.Key.Words);
                foreach (var picture in section)
                    Figure(html, picture.Picture);
            });
        }
    }

    /// <summary>A picture inside the page.</summary>
    public static void Figure(HtmlWriter html, Picture picture) => html.Element("figure", () =>
        {
            html.Void(
                "img",
                ("alt", picture.Description),
                ("width", picture.Width.ToString(CultureInfo.InvariantCulture)),
                ("height", picture.Height.ToString(CultureInfo.InvariantCulture)),
                ("src", "data:image/png;base64," + Convert.ToBase64String(picture.Png()))
            );
            html.Element("figcaption", $"{picture.Description} Also as {picture.Name}.png and {picture.Name}.svg next to this page.");
        });
}
