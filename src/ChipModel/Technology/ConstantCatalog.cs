using System.Reflection;

namespace TaalasSim.ChipModel.Technology;

/// <summary>Every <see cref="Constant"/> of a description by its dotted path, and copies of the description with other values.</summary>
public static class ConstantCatalog
{
    /// <summary>Paths and constants in the order of declaration, e.g. <c>technology.energy.rom_read_pj_per_bit</c>.</summary>
    /// <param name="root">A record with constants, or records with constants, as properties; lists are left out.</param>
    /// <param name="prefix">First part of the paths.</param>
    public static IReadOnlyList<(string Path, Constant Constant)> List(object root, string prefix)
    {
        var found = new List<(string, Constant)>();
        Visit(root, prefix, found);
        return found;
    }

    /// <summary>A copy of the description where some constants have another value; their interval and source stay.</summary>
    /// <param name="root">Description.</param>
    /// <param name="prefix">First part of the paths.</param>
    /// <param name="values">Values by path; paths that do not start with the prefix are passed over.</param>
    public static T With<T>(T root, string prefix, IReadOnlyDictionary<string, double> values)
        where T : class => (T)Replace(root, prefix, values);

    private static void Visit(object node, string path, List<(string, Constant)> found)
    {
        foreach (var property in Properties(node))
        {
            var name = $"{path}.{Underscored(property.Name)}";
            switch (property.GetValue(node))
            {
                case Constant constant:
                    found.Add((name, constant));
                    break;
                case { } child when IsRecord(child):
                    Visit(child, name, found);
                    break;
            }
        }
    }

    private static object Replace(object node, string path, IReadOnlyDictionary<string, double> values)
    {
        object? copy = null;
        foreach (var property in Properties(node))
        {
            var name = $"{path}.{Underscored(property.Name)}";
            var value = property.GetValue(node);
            var changed = value switch
            {
                Constant constant => values.TryGetValue(name, out var x) ? constant with { Value = x } : constant,
                { } child when IsRecord(child) => Replace(child, name, values),
                _ => value,
            };
            if (ReferenceEquals(changed, value))
                continue;
            copy ??= Clone(node);
            property.SetValue(copy, changed);
        }

        return copy ?? node;
    }

    private static IEnumerable<PropertyInfo> Properties(object node) =>
        node.GetType()
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p is { CanRead: true, CanWrite: true } && p.GetIndexParameters().Length == 0);

    // Descriptions are reference records of this assembly; the compiler gives each a clone method.
    private static bool IsRecord(object value) => CloneMethod(value.GetType()) is not null;

    private static object Clone(object node) => CloneMethod(node.GetType())!.Invoke(node, null)!;

    private static MethodInfo? CloneMethod(Type type) => type.GetMethod("<Clone>$");

    private static string Underscored(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
