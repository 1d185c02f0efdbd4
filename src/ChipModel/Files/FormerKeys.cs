using System.Collections.Concurrent;
using System.Reflection;
using YamlDotNet.RepresentationModel;

namespace TaalasSim.ChipModel.Files;

/// <summary>Gives former keys of a description (<see cref="FormerKeyAttribute"/>) their present names before it is merged, varied and
/// bound.</summary>
internal static class FormerKeys
{
    private static readonly ConcurrentDictionary<Type, Names> Known = new();

    /// <summary>Renames the former keys in a tree.</summary>
    /// <param name="node">Tree of one file.</param>
    /// <param name="type">Record that it is bound to.</param>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="report">Takes one line for each former key.</param>
    /// <exception cref="InputException">The tree has a key by both of its names.</exception>
    public static void Rename(YamlNode node, Type type, string file, Action<string>? report)
    {
        var names = Of(type);
        if (names.IsEmpty)
            return;
        if (node is YamlSequenceNode list)
        {
            foreach (var item in list)
                Rename(item, type, file, report);
            return;
        }

        if (node is not YamlMappingNode map)
            return;
        foreach (var (former, present) in names.Renamed)
            if (map.Children.Keys.FirstOrDefault(k => k is YamlScalarNode { Value: { } value } && value == former) is YamlScalarNode key)
            {
                if (map.Children.ContainsKey(present))
                    throw new InputException($"{file}:{key.Start.Line}: '{former}' is the former name of '{present}'; give one of them");
                report?.Invoke($"{file}:{key.Start.Line}: '{former}' is now '{present}'; the next version will not read the former name");
                var child = map.Children[key];
                map.Children.Remove(key);
                key.Value = present;
                map.Children.Add(key, child);
            }

        foreach (var (key, child) in names.Children)
            if (map.Children.TryGetValue(key, out var below))
                Rename(below, child, file, report);
    }

    /// <summary>A dotted path by present names, e.g. of a field that a sweep varies.</summary>
    /// <param name="path">Path, e.g. <c>bank.rows</c>.</param>
    /// <param name="type">Record at its root.</param>
    /// <param name="report">Takes one line for each former key.</param>
    public static string Present(string path, Type type, Action<string>? report)
    {
        var names = Of(type);
        if (names.IsEmpty)
            return path;
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var (first, rest) = dot < 0 ? (path, "") : (path[..dot], path[(dot + 1)..]);
        if (names.Renamed.TryGetValue(first, out var present))
        {
            report?.Invoke($"field '{first}' is now '{present}'; the next version will not read the former name");
            first = present;
        }

        if (rest.Length == 0)
            return first;
        return names.Children.TryGetValue(first, out var child) ? $"{first}.{Present(rest, child, report)}" : $"{first}.{rest}";
    }

    private static Names Of(Type type) => Known.GetOrAdd(Element(type), t => Find(t, []));

    // Only types below which there is a former key are kept, so that other descriptions are not walked.
    private static Names Find(Type type, HashSet<Type> above)
    {
        var (renamed, children) = (
            new Dictionary<string, string>(StringComparer.Ordinal),
            new Dictionary<string, Type>(StringComparer.Ordinal)
        );
        if (type.Namespace is { } space && space.StartsWith(nameof(TaalasSim), StringComparison.Ordinal) && above.Add(type))
        {
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
            {
                var key = UnderscoredNames.Instance.Apply(property.Name);
                foreach (var former in property.GetCustomAttributes<FormerKeyAttribute>())
                    renamed.Add(former.Key, key);
                if (!Find(Element(property.PropertyType), above).IsEmpty)
                    children.Add(key, Element(property.PropertyType));
            }

            above.Remove(type);
        }

        return new Names(renamed, children);
    }

    private static Type Element(Type type) => type.IsGenericType && type.GetGenericArguments() is [var element] ? element : type;

    private sealed record Names(Dictionary<string, string> Renamed, Dictionary<string, Type> Children)
    {
        public bool IsEmpty => Renamed.Count == 0 && Children.Count == 0;
    }
}
