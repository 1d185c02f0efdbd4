using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace TaalasSim.Reports.Pages;

/// <summary>Controls that move the report's design, and the model that follows them. Without scripts nothing of it shows.</summary>
internal static class LiveSection
{
    private static readonly string Script = PageResource.Text("live.js");

    /// <summary>What the page allows itself: nothing from outside; with a model its own script, and code that this script
    /// unpacks.</summary>
    public static string Policy(LivePage? live)
    {
        const string Still = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
        if (live is null)
            return Still;
        var digest = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(HtmlWriter.ScriptText(Script))));
        return $"{Still}; script-src 'sha256-{digest}' blob: 'wasm-unsafe-eval'";
    }

    /// <summary>The controls, above the figures that follow them.</summary>
    public static void Write(HtmlWriter html, LivePage? live)
    {
        if (live is null)
            return;
        html.Element(
            "details",
            () =>
            {
                html.Element("summary", "Try other designs: the model of this report runs in this page");
                html.Element("p", "", ("id", "live-status"), ("role", "status"));
                html.Element(
                    "div",
                    () =>
                    {
                        foreach (var control in live.Controls)
                            html.Element("div", () => Control(html, control));
                        html.Element("div", () =>
                            html.Element("button", "Back to the report's design", ("type", "button"), ("id", "live-reset"))
                        );
                    },
                    ("class", "controls")
                );
                html.Element(
                    "p",
                    "With another bank or other weights the die gets as few rows of bank sites as hold the model. The same on the "
                        + "command line:",
                    ("class", "muted")
                );
                html.Element("pre", "", ("id", "live-command"), ("tabindex", "0"));
            },
            ("id", "live"),
            ("hidden", "hidden")
        );
    }

    /// <summary>Program, descriptions and script, at the end of the page.</summary>
    public static void WriteProgram(HtmlWriter html, LivePage? live)
    {
        if (live is null)
            return;
        var design = live.Design;
        html.Data(
            "live-design",
            string.Join(
                '\n',
                new[]
                {
                    design.Model,
                    design.Fabric,
                    design.Weights,
                    string.Join(',', design.Gpus),
                    Text(design.InputTokens),
                    Text(design.OutputTokens),
                    Text(design.Utilisation),
                }.Select(line => Convert.ToBase64String(Encoding.UTF8.GetBytes(line)))
            )
        );
        html.Data("live-files", Lines(live.Descriptions));
        html.Data("live-program", Lines(live.Program));
        html.Script(Script);
    }

    private static void Control(HtmlWriter html, LiveControl control)
    {
        var id = "live-" + control.Key.Replace('_', '-');
        html.Element("label", control.Label, ("for", id));
        if (control.IsNumeric)
        {
            html.Void(
                "input",
                ("type", "range"),
                ("id", id),
                ("min", "0"),
                ("max", Text(control.Values.Count - 1)),
                ("step", "1"),
                ("value", Text(control.Start)),
                ("data-key", control.Key),
                ("data-start", Text(control.Start)),
                ("data-values", string.Join('|', control.Values)),
                ("aria-valuetext", control.Values[control.Start])
            );
            html.Element("output", control.Values[control.Start], ("for", id));
            return;
        }

        html.Element(
            "select",
            () =>
            {
                for (var i = 0; i < control.Values.Count; i++)
                    html.Element(
                        "option",
                        control.Word(i),
                        [("value", control.Values[i]), .. i == control.Start ? [("selected", "selected")] : Array.Empty<(string, string)>()]
                    );
            },
            ("id", id),
            ("data-key", control.Key),
            ("data-start", Text(control.Start))
        );
    }

    private static string Lines(IEnumerable<(string Name, byte[] Content)> files) =>
        string.Join('\n', files.Select(f => $"{f.Name} {Convert.ToBase64String(Packed(f.Content))}"));

    private static byte[] Packed(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(content);
        return packed.ToArray();
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
