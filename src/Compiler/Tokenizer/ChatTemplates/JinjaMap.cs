using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Python's dict: keys in the order in which they came; 1, 1.0 and True are one key, and None is a key.</summary>
internal sealed class JinjaMap : IReadOnlyCollection<KeyValuePair<object?, object?>>
{
    // A dictionary takes no null key, so None has an object of its own in here.
    private static readonly object None = new();
    private readonly OrderedDictionary<object, object?> _items = new(KeyComparer.Instance);

    public int Count => _items.Count;

    public IEnumerable<object?> Keys => _items.Keys.Select(Outer);

    public IEnumerable<object?> Values => _items.Values;

    public object? this[object? key]
    {
        set => _items[key ?? None] = value;
    }

    /// <summary>Whether Python could use a value as a key.</summary>
    public static bool IsKey(object? value) =>
        value is null or bool or long or double or string || (value is JinjaTuple tuple && tuple.TrueForAll(IsKey));

    public bool ContainsKey(object? key) => _items.ContainsKey(key ?? None);

    public bool TryGetValue(object? key, [MaybeNullWhen(returnValue: true)] out object? value) =>
        _items.TryGetValue(key ?? None, out value);

    public IEnumerator<KeyValuePair<object?, object?>> GetEnumerator()
    {
        foreach (var (key, value) in _items)
            yield return new(Outer(key), value);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static object? Outer(object key) => ReferenceEquals(key, None) ? null : key;

    private sealed class KeyComparer : IEqualityComparer<object>
    {
        public static readonly KeyComparer Instance = new();

        bool IEqualityComparer<object>.Equals(object? x, object? y) => JinjaValues.AreEqual(x, y);

        int IEqualityComparer<object>.GetHashCode(object key) =>
            key switch
            {
                string text => string.GetHashCode(text, StringComparison.Ordinal),
                JinjaTuple tuple => tuple.Count,
                _ => JinjaValues.Number(key)?.GetHashCode() ?? 0,
            };
    }
}
