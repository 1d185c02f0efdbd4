using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Units;
using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Masks;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Changes;

/// <summary>Compares two chip images and prices the masks of the change.</summary>
public static class CompareImages
{
    // Fields of a fabric that say how a chip is run, not what is on it.
    private static readonly string[] Operating =
    [
        "fabric.clock_ghz",
        "fabric.card.overhead_watts",
        "fabric.card.user_slots",
        "fabric.card.maximum_context",
        "fabric.default_weights",
    ];

    /// <summary>What changes from the first image to the second.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="first">Folder of the first image.</param>
    /// <param name="second">Folder of the second image.</param>
    /// <param name="cancel">Stops between tensors.</param>
    public static ImageChange Compare(DesignLibrary library, string first, string second, CancellationToken cancel = default)
    {
        var (a, b) = (ChipDirectory.ReadDescription(first), ChipDirectory.ReadDescription(second));
        using var left = MaskImage.Open(first, cancel);
        using var right = MaskImage.Open(second, cancel);
        var difference = XorImages.Compare(left, right, cancel);
        var fabric = Differences("fabric", a.Fabric, b.Fabric);
        var masks = library.Technology(b.Fabric.Technology).Masks;
        var same = fabric.TrueForAll(d => Operating.Any(o => d.StartsWith(o + ":", StringComparison.Ordinal)));
        string[] layers = same
            ? [.. Named("weights", !difference.SharesWeightsMask), .. Named("dataflow", !difference.SharesDataflowMask)]
            : ["every layer: the fabrics differ"];
        return new ImageChange
        {
            Differences = [.. fabric, .. Differences("model", a.Model, b.Model)],
            Masks = difference,
            SameFabric = same,
            LayersToMake = layers,
            MasksUsd = same ? Of(masks.CustomMaskUsd) * (layers.Length * b.Fabric.Dies) : FullSet(masks, b.Fabric.Dies),
            Weeks = layers.Length == 0 ? UncertaintyRange.Exact(0) : Weeks(masks, same ? masks.LayersAfterCustom : masks.Layers),
        };
    }

    private static IEnumerable<string> Named(string layer, bool changed) => changed ? [layer] : [];

    private static UncertaintyRange Of(Constant c) => new(c.Value, c.Low, c.High);

    // A set holds one pair of customised masks; each further die with weights of its own adds a pair.
    private static UncertaintyRange FullSet(MaskConstants masks, int dies)
    {
        var (set, pair) = (Of(masks.SetUsd), Of(masks.CustomMaskUsd) * (2 * (dies - 1)));
        return new(set.Value + pair.Value, set.Low + pair.Low, set.High + pair.High);
    }

    // All four at one end together: an outer bound of the interval.
    private static UncertaintyRange Weeks(MaskConstants masks, Constant layers)
    {
        static double At(double mask, double layers, double days, double assembly) => mask + (layers * days / 7) + assembly;
        return new(
            At(masks.MaskWeeks, layers, masks.DaysPerLayer, masks.AssemblyWeeks),
            At(masks.MaskWeeks.Low, layers.Low, masks.DaysPerLayer.Low, masks.AssemblyWeeks.Low),
            At(masks.MaskWeeks.High, layers.High, masks.DaysPerLayer.High, masks.AssemblyWeeks.High)
        );
    }

    private static List<string> Differences<T>(string root, T a, T b)
        where T : class
    {
        var (left, right) = (Flat(YamlText.Write(a), root), Flat(YamlText.Write(b), root));
        return
        [
            .. left
                .Keys.Union(right.Keys, StringComparer.Ordinal)
                .Where(key => !IsRemark(key) && left.GetValueOrDefault(key) != right.GetValueOrDefault(key))
                .Select(key => $"{key}: {left.GetValueOrDefault(key, "absent")} against {right.GetValueOrDefault(key, "absent")}"),
        ];
    }

    // Names, words, published figures and layer numbers of drawings change no mask.
    private static bool IsRemark(string key) =>
        key is "model.source" or "fabric.name" or "fabric.description"
        || key.StartsWith("fabric.published", StringComparison.Ordinal)
        || key.StartsWith("fabric.gds", StringComparison.Ordinal);

    // Dotted paths of a description that this program wrote: one key a line, two blanks a level.
    private static Dictionary<string, string> Flat(string yaml, string root)
    {
        var flat = new Dictionary<string, string>(StringComparer.Ordinal);
        var path = new List<string> { root };
        foreach (var line in yaml.Split('\n'))
        {
            var text = line.TrimStart(' ', '-');
            var colon = text.IndexOf(": ", StringComparison.Ordinal);
            var key = colon < 0 ? text.TrimEnd(':') : text[..colon];
            if (key.Length == 0 || key.StartsWith('#'))
                continue;
            var depth = Math.Min(path.Count - 1, (line.Length - line.TrimStart(' ').Length) / 2);
            path.RemoveRange(1 + depth, path.Count - 1 - depth);
            path.Add(key);
            if (colon >= 0)
                flat[string.Join('.', path)] = Short(text[(colon + 2)..].Trim());
        }

        return flat;
    }

    // Of a constant its value alone.
    private static string Short(string text)
    {
        const string head = "{value: ";
        return text.StartsWith(head, StringComparison.Ordinal) ? text[head.Length..text.IndexOf(',', StringComparison.Ordinal)] : text;
    }
}
