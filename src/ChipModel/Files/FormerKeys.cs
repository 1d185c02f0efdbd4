using YamlDotNet.RepresentationModel;

namespace TaalasSim.ChipModel.Files;

/// <summary>Gives former keys their present names before a description is merged, varied and bound. A key stays in the table for one
/// version after it was renamed.</summary>
internal static class FormerKeys
{
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["scale_columns"] = "columns_per_scale_unit",
        ["tensor_dies"] = "tensor_parallel_dies",
    };

    /// <summary>Renames the former keys in a tree.</summary>
    /// <param name="node">Tree of one file.</param>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="report">Takes one line for each former key.</param>
    /// <exception cref="InputException">A mapping has a key by both of its names.</exception>
    public static void Rename(YamlNode node, string file, Action<string>? report)
    {
        if (node is YamlSequenceNode list)
            foreach (var item in list)
                Rename(item, file, report);
        if (node is not YamlMappingNode map)
            return;
        YamlScalarNode[] former =
        [
            .. map.Children.Keys.OfType<YamlScalarNode>().Where(k => k.Value is { } key && Renamed.ContainsKey(key)),
        ];
        foreach (var key in former)
        {
            var (old, present) = (key.Value!, Renamed[key.Value!]);
            if (map.Children.ContainsKey(present))
                throw new InputException($"{file}:{key.Start.Line}: '{old}' is the former name of '{present}'; give one of them");
            report?.Invoke($"{file}:{key.Start.Line}: '{old}' is now '{present}'; the next version will not read the former name");
            var child = map.Children[key];
            map.Children.Remove(key);
            key.Value = present;
            map.Children.Add(key, child);
        }

        foreach (var child in map.Children.Values)
            Rename(child, file, report);
    }

    /// <summary>One part of a field's dotted path by its present name.</summary>
    /// <param name="part">Part, e.g. <c>rows</c> of <c>bank.rows</c>.</param>
    /// <param name="report">Takes one line for a former name.</param>
    public static string Present(string part, Action<string>? report)
    {
        if (!Renamed.TryGetValue(part, out var present))
            return part;
        report?.Invoke($"field '{part}' is now '{present}'; the next version will not read the former name");
        return present;
    }
}
