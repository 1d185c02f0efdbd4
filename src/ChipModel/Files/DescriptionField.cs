using System.Collections.Concurrent;
using System.Reflection;
using YamlDotNet.Serialization;

namespace TaalasSim.ChipModel.Files;

/// <summary>One field of a description record as its YAML has it.</summary>
/// <param name="Name">Key.</param>
/// <param name="Property">Property that it binds to.</param>
/// <param name="Type">Type without its nullability.</param>
/// <param name="Range">Range and unit; null for what is no number.</param>
public sealed record DescriptionField(string Name, PropertyInfo Property, Type Type, FieldRangeAttribute? Range)
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<DescriptionField>> Known = new();

    private static readonly ConcurrentDictionary<Type, bool> Records = new();

    /// <summary>Whether the value is a number.</summary>
    public bool IsNumber => IsNumeric(Type);

    /// <summary>Whether the value is a whole number.</summary>
    public bool IsWhole => Type == typeof(int) || Type == typeof(long);

    /// <summary>Whether the value is one with an interval.</summary>
    public bool IsInterval => typeof(IInterval).IsAssignableFrom(Type);

    /// <summary>Type of the items of a list, of the values of a dictionary; null for everything else.</summary>
    public Type? ItemType =>
        Type.IsGenericType
        && Type.GetGenericTypeDefinition() is var generic
        && (generic == typeof(IReadOnlyList<>) || generic == typeof(List<>) || generic == typeof(Dictionary<,>))
            ? Type.GetGenericArguments()[^1]
            : null;

    /// <summary>Whether that type is one of the numbers of descriptions.</summary>
    public static bool IsNumeric(Type type) =>
        type == typeof(int) || type == typeof(long) || type == typeof(double) || type == typeof(float);

    /// <summary>Whether that type is a record of ours with fields of its own; an interval is not.</summary>
    public static bool IsRecord(Type type) =>
        Records.GetOrAdd(type, t =>
            t is { IsClass: true } && t.GetMethod("<Clone>$") is not null && !typeof(IInterval).IsAssignableFrom(t)
        );

    /// <summary>Fields of a record in the order of declaration; what follows from others is left out.</summary>
    public static IReadOnlyList<DescriptionField> Of(Type type) =>
        Known.GetOrAdd(type, t =>
            [
                .. t.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                    .Where(p => p is { CanRead: true, CanWrite: true } && p.GetIndexParameters().Length == 0)
                    .Select(p => new DescriptionField(
                        p.GetCustomAttribute<YamlMemberAttribute>()?.Alias ?? UnderscoredNames.Instance.Apply(p.Name),
                        p,
                        Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType,
                        p.GetCustomAttribute<FieldRangeAttribute>()
                    )),
            ]
        );

    /// <summary>The field at a dotted path of a record, through records; null when there is none.</summary>
    public static DescriptionField? Find(Type root, string path)
    {
        DescriptionField? found = null;
        foreach (var part in path.Split('.'))
        {
            var name = FormerKeys.Present(part, null);
            if (found is { IsInterval: true })
                return name is "value" or "low" or "high" ? found : null;
            found = Of(found?.Type ?? root).FirstOrDefault(f => f.Name == name);
            if (found is null)
                return null;
        }

        return found;
    }

    /// <summary>The value at a dotted path of a description, through records; null when there is none.</summary>
    public static object? ValueAt(object root, string path)
    {
        object? value = root;
        foreach (var part in path.Split('.'))
        {
            var name = FormerKeys.Present(part, null);
            value = value is null ? null : Of(value.GetType()).FirstOrDefault(f => f.Name == name)?.Property.GetValue(value);
        }

        return value;
    }
}
