using System.IO.Compression;
using System.Text.RegularExpressions;
using TaalasSim.Cli.Options;
using TaalasSim.Reports.Live;
using TaalasSim.Reports.Pages;

namespace TaalasSim.Cli.Commands;

/// <summary>The model that a report's page carries: the program for browsers that was built with this one, and the descriptions that the
/// design needs.</summary>
internal static partial class ReportModel
{
    private const string Resource = "page-model.zip";

    // Other kinds of descriptions, and measurements beyond these, change nothing on the page.
    private static readonly string[] Whole = ["fabrics", "technology", "prices", "gpus/engines"];

    private static readonly string[] Single =
    [
        "gpus/calibration.yaml",
        "gpus/workloads.yaml",
        "gpus/measurements/exclusions.yaml",
        "gpus/measurements/reference_bars.csv",
        "measurements/decoding.yaml",
    ];

    /// <summary>The model of a design; null where this program carries none.</summary>
    /// <param name="design">Design whose model is a shape of chips and whose fabric is one of chips.</param>
    public static LivePage? Of(LiveDesign design)
    {
        using var resource = typeof(ReportModel).Assembly.GetManifestResourceStream(Resource);
        if (resource is null)
            return null;
        using var zip = new ZipArchive(resource);
        var program = zip.Entries.OrderBy(e => e.FullName, StringComparer.Ordinal).Select(e => (e.FullName, Content(e))).ToList();
        return new LivePage(design, LiveControls.Of(ChipsFolder.Library, design), program, Descriptions(design));
    }

    private static List<(string Name, byte[] Content)> Descriptions(LiveDesign design)
    {
        var names = new SortedSet<string>(Single, StringComparer.Ordinal);
        foreach (var folder in Whole)
            names.UnionWith(
                Directory.GetFiles(Path.Combine(ChipsFolder.Path, folder), "*.yaml").Select(f => $"{folder}/{Path.GetFileName(f)}")
            );
        foreach (var gpu in design.Gpus)
            Take(names, "gpus", CardFile(gpu.Split(':')[0]));
        // The model, and those that fabrics were published with.
        Take(names, "models", design.Model);
        foreach (var fabric in ChipsFolder.Library.Names("fabrics"))
            if (ChipsFolder.Library.Fabric(fabric).Published is { } published)
                Take(names, "models", ChipsFolder.Library.Gpus.FileOfModel(published.Model)!);
        return [.. names.Select(n => (n, File.ReadAllBytes(Path.Combine(ChipsFolder.Path, n))))];
    }

    // A card goes by many names; its file by one.
    private static string CardFile(string name)
    {
        var card = ChipsFolder.Library.Gpus.Card(name);
        return ChipsFolder.Library.Names("gpus").First(file => ReferenceEquals(ChipsFolder.Library.Gpus.FindCard(file), card));
    }

    // A description and the ones that it is based on.
    private static void Take(SortedSet<string> names, string folder, string name)
    {
        var path = ChipsFolder.Library.Resolve(folder, name);
        names.Add($"{folder}/{Path.GetFileName(path)}");
        if (Base().Match(File.ReadAllText(path)) is { Success: true } found)
            Take(names, folder, found.Groups["name"].Value);
    }

    private static byte[] Content(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    [GeneratedRegex(@"^base:\s*(?<name>\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Base();
}
