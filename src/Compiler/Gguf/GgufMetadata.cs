using System.Diagnostics.CodeAnalysis;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Gguf;

/// <summary>
/// The metadata of a GGUF model. <c>Get…</c> answers a missing key, and every method a key of another type, with an
/// <see cref="InputException"/> that names key, expected and found; <c>TryGet…</c> answers a missing key with false.
/// Stored types are matched exactly, as the reference reader does: a u32 key is read with <c>Get&lt;uint&gt;</c>.
/// </summary>
public sealed class GgufMetadata
{
    private readonly string _path;
    private readonly OrderedDictionary<string, GgufValue> _values;

    internal GgufMetadata(string path, OrderedDictionary<string, GgufValue> values)
    {
        _path = path;
        _values = values;
    }

    /// <summary>Every entry, in the order of the file.</summary>
    public IReadOnlyList<GgufValue> Values => _values.Values;

    /// <summary>The entry, or null when the file lacks the key; for keys that may have one of several types.</summary>
    public GgufValue? Find(string key) => _values.GetValueOrDefault(key);

    /// <summary>Whether the file has the key, whatever its type.</summary>
    public bool Contains(string key) => _values.ContainsKey(key);

    /// <summary>A scalar that the model must have.</summary>
    public T Get<T>(string key)
        where T : unmanaged => Require(key, GgufValue.Name(GgufValueTypes.Of<T>())).Scalar<T>();

    /// <summary>A scalar, or <paramref name="absent"/> when the file lacks the key.</summary>
    public T Get<T>(string key, T absent)
        where T : unmanaged => Find(key) is { } value ? value.Scalar<T>() : absent;

    /// <summary>A scalar that the model may have.</summary>
    public bool TryGet<T>(string key, out T value)
        where T : unmanaged
    {
        var found = Find(key);
        value = found is null ? default : found.Scalar<T>();
        return found is not null;
    }

    /// <summary>A string that the model must have.</summary>
    public string GetString(string key) => Require(key, "string").Text();

    /// <summary>A string that the model may have.</summary>
    public bool TryGetString(string key, [NotNullWhen(true)] out string? value) => (value = Find(key)?.Text()) is not null;

    /// <summary>An array of scalars that the model must have.</summary>
    public T[] GetArray<T>(string key)
        where T : unmanaged => Require(key, $"array of {GgufValue.Name(GgufValueTypes.Of<T>())}").Array<T>();

    /// <summary>An array of scalars that the model may have.</summary>
    public bool TryGetArray<T>(string key, [NotNullWhen(true)] out T[]? values)
        where T : unmanaged => (values = Find(key)?.Array<T>()) is not null;

    /// <summary>An array of strings that the model must have.</summary>
    public string[] GetStrings(string key) => Require(key, "array of string").Texts();

    /// <summary>An array of strings that the model may have.</summary>
    public bool TryGetStrings(string key, [NotNullWhen(true)] out string[]? values) => (values = Find(key)?.Texts()) is not null;

    private GgufValue Require(string key, string expected) =>
        Find(key)
        ?? throw new InputException(
            $"{_path}: model error: key {GgufFaults.Quote(key)}: expected {expected}, found nothing; "
                + "the file lacks what its architecture needs: convert the model again"
        );
}
