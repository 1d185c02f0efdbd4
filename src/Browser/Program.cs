using System.Globalization;
using System.Runtime.InteropServices.JavaScript;
using TaalasSim.ChipModel.Files;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Live;
using TaalasSim.Reports.Pages;

namespace TaalasSim.Browser;

/// <summary>The closed-form model inside a page. Its descriptions are files in memory.</summary>
public static partial class Program
{
    private const string Chips = "/chips";

    private static LiveModel? _model;

    /// <summary>Nothing to do until the page asks.</summary>
    public static void Main() { }

    /// <summary>Adds a description.</summary>
    /// <param name="path">Path inside <c>chips</c>.</param>
    /// <param name="bytes">Content.</param>
    [JSExport]
    internal static void Put(string path, byte[] bytes)
    {
        var file = Path.Combine(Chips, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
    }

    /// <summary>Opens the design of the page.</summary>
    /// <param name="lines">Model, fabric, weights, GPUs with commas, prompt tokens, answer tokens, utilisation: one a line.</param>
    [JSExport]
    internal static void Open(string lines)
    {
        var given = lines.Split('\n');
        _model = new LiveModel(
            new DesignLibrary(Chips),
            new LiveDesign
            {
                Model = given[0],
                Fabric = given[1],
                Weights = given[2],
                Gpus = given[3].Split(',', StringSplitOptions.RemoveEmptyEntries),
                InputTokens = int.Parse(given[4], CultureInfo.InvariantCulture),
                OutputTokens = int.Parse(given[5], CultureInfo.InvariantCulture),
                Utilisation = double.Parse(given[6], CultureInfo.InvariantCulture),
            }
        );
    }

    /// <summary>The page's parts at a point.</summary>
    /// <param name="point">Lines of <see cref="LivePoint.Parse"/>.</param>
    /// <param name="draws">Draws behind intervals; 0 for none.</param>
    /// <returns>Markup of the answer, markup of the parts, command; or one text, why there is no answer.</returns>
    [JSExport]
    internal static string[] Answer(string point, int draws)
    {
        try
        {
            var answer = _model!.At(LivePoint.Parse(point), draws);
            return
            [
                Text(html => AnswerSection.Body(html, answer.Comparison)),
                Text(html => WhereSection.Body(html, answer.Where)),
                answer.Command,
            ];
        }
        catch (InputException e)
        {
            return [e.Message];
        }
    }

    private static string Text(Action<HtmlWriter> write)
    {
        var html = new HtmlWriter();
        write(html);
        return html.Fragment();
    }
}
