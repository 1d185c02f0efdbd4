using System.Collections.Concurrent;
using System.Reflection;

namespace TaalasSim.ChipModel.Technology;

/// <summary>
/// Where the constants of a description are. Found once; a copy with other values then visits the records that change and nothing else, so
/// that Monte Carlo draws of many design points cost little.
/// </summary>
public sealed class ConstantSlots
{
    private readonly Node? _root;

    /// <summary>Finds the constants of a description.</summary>
    /// <param name="root">A record with constants, or records with constants, as properties; lists are left out.</param>
    /// <param name="prefix">First part of the paths.</param>
    public ConstantSlots(object root, string prefix)
    {
        var found = new List<(string, Constant)>();
        _root = Find(root, prefix, found);
        Constants = found;
    }

    /// <summary>Paths and constants in the order of declaration; the place in this list is the constant's slot.</summary>
    public IReadOnlyList<(string Path, Constant Constant)> Constants { get; }

    /// <summary>A copy of a description where some constants have another value; their interval and source stay, and parts without a new
    /// value are shared.</summary>
    /// <param name="root">The description, or one with the same constants.</param>
    /// <param name="values">Values by slot; NaN leaves a constant as it is.</param>
    public T With<T>(T root, ReadOnlySpan<double> values)
        where T : class => _root is null ? root : (T)_root.With(root, values);

    private static Node? Find(object record, string path, List<(string, Constant)> found)
    {
        var type = RecordType.Of(record.GetType());
        var constants = new List<(PropertyInfo, int)>();
        var parts = new List<(PropertyInfo, Node)>();
        foreach (var (property, name) in type.Properties)
        {
            switch (property.GetValue(record))
            {
                case Constant constant:
                    constants.Add((property, found.Count));
                    found.Add(($"{path}.{name}", constant));
                    break;
                case { } child when RecordType.Of(child.GetType()).IsRecord:
                    if (Find(child, $"{path}.{name}", found) is { } part)
                        parts.Add((property, part));
                    break;
            }
        }

        return constants.Count + parts.Count == 0 ? null : new Node(type, [.. constants], [.. parts]);
    }

    private sealed class Node(RecordType type, (PropertyInfo Property, int Slot)[] constants, (PropertyInfo Property, Node Part)[] parts)
    {
        public object With(object record, ReadOnlySpan<double> values)
        {
            object? copy = null;
            foreach (var (property, slot) in constants)
                if (!double.IsNaN(values[slot]))
                    property.SetValue(copy ??= type.Copy(record), (Constant)property.GetValue(record)! with { Value = values[slot] });
            foreach (var (property, part) in parts)
            {
                var was = property.GetValue(record)!;
                var now = part.With(was, values);
                if (!ReferenceEquals(was, now))
                    property.SetValue(copy ??= type.Copy(record), now);
            }

            return copy ?? record;
        }
    }

    // Reflection finds these for a type each time anew, which costs more than the copies.
    private sealed class RecordType
    {
        private static readonly ConcurrentDictionary<Type, RecordType> Known = new();

        private readonly MethodInvoker? _clone;

        private RecordType(Type type)
        {
            // Descriptions are reference records of this assembly; the compiler gives each a clone method.
            _clone = type.GetMethod("<Clone>$") is { } clone ? MethodInvoker.Create(clone) : null;
            Properties =
            [
                .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                    .Where(p => p is { CanRead: true, CanWrite: true } && p.GetIndexParameters().Length == 0)
                    .Select(p => (p, Underscored(p.Name))),
            ];
        }

        public bool IsRecord => _clone is not null;

        public (PropertyInfo Property, string Name)[] Properties { get; }

        public static RecordType Of(Type type) => Known.GetOrAdd(type, t => new RecordType(t));

        public object Copy(object record) => _clone!.Invoke(record)!;

        private static string Underscored(string name) =>
            string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
    }
}
