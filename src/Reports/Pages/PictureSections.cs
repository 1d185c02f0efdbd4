using System.Globalization;
using TaalasSim.Reports.Charts;

namespace TaalasSim.Reports.Pages;

/// <summary>Latency, area and power, floorplan, mask layers and sweep.</summary>
internal static class PictureSections
{
    public static void Write(HtmlWriter html, ReportData data, IReadOnlyList<Picture> pictures)
    {
        Section(
            html,
            pictures,
            "Where the time goes",
            "One token from the embedding to the sampler. A layer's parts are those on its critical path; parallel work adds no time.",
            "latency"
        );
        Section(
            html,
            pictures,
            "Area and power",
            "Areas and watts add up to the die and to the card at its plug; a thin line is the interval of a part.",
            "area",
            "power"
        );
        Section(
            html,
            pictures,
            "Floorplan",
            "Where the model's matrices are. A token moves from layer to layer; neighbouring layers are neighbours on the die.",
            "floorplan"
        );
        Section(
            html,
            pictures,
            "The two mask layers",
            "What the fab would draw: on the weights layer a via for every stored bit that is one, on the dataflow layer a strap for every one. Coordinates are those of the GDSII file.",
            "mask-density",
            "mask-bank",
            "mask-vias",
            "mask-straps"
        );
        Section(html, pictures, "Sweep", data.Sweep?.Title ?? "", "sweep");
    }

    /// <summary>A picture inside the page; nothing when the report has none of that name.</summary>
    public static void Figure(HtmlWriter html, IReadOnlyList<Picture> pictures, string name)
    {
        if (pictures.FirstOrDefault(p => p.Name == name) is not { } picture)
            return;
        html.Element("figure", () =>
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

    private static void Section(HtmlWriter html, IReadOnlyList<Picture> pictures, string title, string words, params string[] names)
    {
        if (!pictures.Any(p => names.Contains(p.Name, StringComparer.Ordinal)))
            return;
        html.Element("section", () =>
        {
            html.Element("h2", title);
            html.Element("p", words);
            foreach (var name in names)
                Figure(html, pictures, name);
        });
    }
}
