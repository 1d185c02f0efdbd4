using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Import;

/// <summary>Metadata keys of one architecture in a GGUF file, checked as they are read.</summary>
internal sealed class ModelKeys(GgufFile file, string architecture)
{
    /// <summary>Widest layer that is believed.</summary>
    public const int MaximumWidth = 1 << 24;

    private readonly GgufMetadata _meta = file.Metadata;

    /// <summary>Whether the file has a key of the architecture.</summary>
    public bool Has(string key) => _meta.Contains($"{architecture}.{key}");

    /// <summary>Whether the file has a tensor.</summary>
    public bool HasTensor(string name) => file.TryGetTensor(name, out _);

    /// <summary>A whole number within bounds.</summary>
    /// <param name="key">Key, without the architecture.</param>
    /// <param name="low">Least value.</param>
    /// <param name="high">Greatest value.</param>
    /// <param name="absent">Value when the key is absent; negative: the key must be there.</param>
    /// <exception cref="InputException">The key is absent, of the wrong type or out of bounds.</exception>
    public int Size(string key, int low, int high, int absent = -1)
    {
        if (!Has(key) && absent >= 0)
            return absent;
        var value = Integer(Find(key) ?? throw Fault(key, $"{low}…{high}", "absent"));
        return value >= low && value <= high ? (int)value : throw Fault(key, $"{low}…{high}", value);
    }

    /// <summary>A positive number, or one for each layer if all are equal.</summary>
    public int SizePerLayer(string key, int layers)
    {
        var value = Find(key) ?? throw Fault(key, "a positive number", "absent");
        if (value.Type != GgufValueType.Array)
            return Size(key, 1, MaximumWidth);
        var list = Integers(value);
        if (list.Count != layers || list[0] is < 1 or > MaximumWidth)
            throw Fault(key, $"{layers} positive numbers", $"{list.Count} numbers");
        if (list.Any(v => v != list[0]))
            throw new InputException($"{file.Path}: {architecture}.{key} differs from layer to layer; only equal layers are supported");
        return (int)list[0];
    }

    /// <summary>A positive number for each layer: a list, or one number for all.</summary>
    public IReadOnlyList<int> PerLayer(string key, int layers)
    {
        if ((Find(key) ?? throw Fault(key, "a positive number", "absent")) is not { Type: GgufValueType.Array } value)
            return [.. Enumerable.Repeat(Size(key, 1, MaximumWidth), layers)];
        var list = Integers(value);
        return list.Count == layers && list.All(v => v is >= 1 and <= MaximumWidth)
            ? [.. list.Select(v => (int)v)]
            : throw Fault(key, $"{layers} positive numbers", $"[{string.Join(", ", list.Take(8))}{(list.Count > 8 ? ", …" : "")}]");
    }

    /// <summary>Layers that are run and for which a list has a number above 0.</summary>
    /// <exception cref="InputException">The list is absent or has another length, or no number is 0, or none is above it.</exception>
    public IReadOnlyList<int> LayersAbove0(string key, int run, int all)
    {
        var list = Find(key) is { Type: GgufValueType.Array } value ? Integers(value) : [];
        int[] above = [.. Enumerable.Range(0, Math.Min(run, list.Count)).Where(layer => list[layer] != 0)];
        return list.Count == all && above.Length > 0 && above.Length < run
            ? above
            : throw Fault(key, $"{all} numbers, some of them 0 and some above", $"[{string.Join(", ", list)}]");
    }

    /// <summary>The number that a list has for some layers, which must be the same for all of them.</summary>
    public int SizeOf(string key, int layers, IReadOnlyList<int> some)
    {
        var list = Integers(Find(key)!);
        if (list[some[0]] is < 1 or > MaximumWidth)
            throw Fault(key, $"{layers} numbers from 0", list[some[0]]);
        return some.All(layer => list[layer] == list[some[0]])
            ? (int)list[some[0]]
            : throw new InputException($"{file.Path}: {architecture}.{key} differs from layer to layer; only equal layers are supported");
    }

    /// <summary>As <see cref="SizePerLayer"/>, and 0 when the key is absent or 0.</summary>
    public int OptionalPerLayer(string key, int layers) =>
        Find(key) is { } value && (value.Type == GgufValueType.Array || Integer(value) != 0) ? SizePerLayer(key, layers) : 0;

    /// <summary>A finite number.</summary>
    public float Real(string key, float absent)
    {
        var value = _meta.Get($"{architecture}.{key}", absent);
        return float.IsFinite(value) ? value : throw Fault(key, "a finite number", value);
    }

    /// <summary>A finite number of at least 0 that must be there.</summary>
    public float RequiredReal(string key)
    {
        var value = _meta.Get<float>($"{architecture}.{key}");
        return float.IsFinite(value) && value >= 0 ? value : throw Fault(key, "a finite number from 0", value);
    }

    /// <summary>Text, or what stands for it when the key is absent.</summary>
    public string Text(string key, string absent) => _meta.TryGetString($"{architecture}.{key}", out var text) ? text : absent;

    /// <summary>Whether a truth value is there and false.</summary>
    public bool IsFalse(string key) => _meta.TryGet<bool>($"{architecture}.{key}", out var value) && !value;

    /// <summary>Whether a truth value is there and true.</summary>
    public bool IsTrue(string key) => _meta.TryGet<bool>($"{architecture}.{key}", out var value) && value;

    /// <summary>The value of a key, or null.</summary>
    public GgufValue? Find(string key) => _meta.Find($"{architecture}.{key}");

    /// <summary>A fault of a key.</summary>
    public InputException Fault(string key, string expected, object found) =>
        new($"{file.Path}: model error: key {architecture}.{key}: expected {expected}, found {found}");

    /// <summary>The whole numbers of a list.</summary>
    public IReadOnlyList<long> Integers(GgufValue value) =>
        value.ElementType == GgufValueType.UInt32
            ? [.. value.Array<uint>().Select(v => (long)v)]
            : [.. value.Array<int>().Select(v => (long)v)];

    private static long Integer(GgufValue value) =>
        value.Type switch
        {
            GgufValueType.UInt32 => value.Scalar<uint>(),
            GgufValueType.Int32 => value.Scalar<int>(),
            GgufValueType.UInt64 => value.Scalar<ulong>() > long.MaxValue ? long.MaxValue : (long)value.Scalar<ulong>(),
            GgufValueType.Int64 => value.Scalar<long>(),
            GgufValueType.UInt16 => value.Scalar<ushort>(),
            _ => value.Scalar<uint>(),
        };
}
