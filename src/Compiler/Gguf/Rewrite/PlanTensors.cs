using System.Globalization;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Gguf.Rewrite;

/// <summary>Which tensors a new file has, in llama-quantize's order: by layer, those outside the layers first, then by name.</summary>
internal static class PlanTensors
{
    /// <summary>The tensors; where the files of the source are kept, those of each file in their order.</summary>
    /// <exception cref="InputException">A layer that is to be left out is not there, none would be left, or keys have a value for each
    /// layer.</exception>
    public static IReadOnlyList<PlannedTensor> Of(GgufFile source, RewriteOptions options)
    {
        var layers = Renumbered(source, options.PruneLayers);
        var tensors = source.Tensors.Where(t => Layer(t.Name) is not { } layer || layers.ContainsKey(layer));
        if (!options.KeepSplit)
            tensors = tensors.OrderBy(t => Layer(t.Name) ?? -1).ThenBy(t => t.Name, StringComparer.Ordinal);
        return [.. tensors.Select(t => new PlannedTensor(t, Named(t.Name, layers)))];
    }

    /// <summary>Layers that a file has after these are left out.</summary>
    public static int LayersLeft(GgufFile source, IReadOnlyList<int> pruned) => Renumbered(source, pruned).Count;

    private static string Named(string name, Dictionary<int, int> layers) =>
        Layer(name) is { } layer && layers[layer] != layer
            ? string.Create(CultureInfo.InvariantCulture, $"blk.{layers[layer]}{name[name.IndexOf('.', 4)..]}")
            : name;

    // New number of every layer that stays.
    private static Dictionary<int, int> Renumbered(GgufFile source, IReadOnlyList<int> pruned)
    {
        int[] all = [.. source.Tensors.Select(t => Layer(t.Name)).OfType<int>().Distinct().Order()];
        if (pruned.Count == 0)
            return all.ToDictionary(layer => layer);
        if (pruned.FirstOrDefault(layer => !all.Contains(layer), -1) is >= 0 and var missing)
            throw new InputException($"--prune-layers {missing}: {source.Path} has no layer {missing}; give numbers from 0 to {all[^1]}");
        if (all.All(pruned.Contains))
            throw new InputException($"--prune-layers: no layer of {source.Path} would be left; leave some");
        var perLayer = source.Metadata.Values.FirstOrDefault(v =>
            v.Type == GgufValueType.Array
            && v.Count == all.Length
            && !v.Key.StartsWith("tokenizer.", StringComparison.Ordinal)
            && !v.Key.StartsWith("general.", StringComparison.Ordinal)
            && !v.Key.EndsWith(".dimension_sections", StringComparison.Ordinal)
        );
        if (perLayer is not null)
            throw new InputException(
                $"--prune-layers: key {perLayer.Key} of {source.Path} has a value for each layer, so the file would not fit itself; "
                    + "such models are not pruned"
            );
        return all.Where(layer => !pruned.Contains(layer)).Select((layer, place) => (layer, place)).ToDictionary();
    }

    /// <summary>Layer that a tensor name states; null for a tensor outside the layers.</summary>
    public static int? Layer(string name) =>
        name.Split('.') is ["blk", var number, _, ..]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var layer)
            ? layer
            : null;
}
