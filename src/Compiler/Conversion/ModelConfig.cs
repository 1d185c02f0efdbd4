using System.Globalization;
using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Conversion;

/// <summary>config.json of a model folder; values of <c>text_config</c> stand before those of the root.</summary>
internal sealed class ModelConfig
{
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);

    private ModelConfig(string path) => Path = path;

    /// <summary>Path of the file.</summary>
    public string Path { get; }

    /// <summary>Name of the model class, e.g. <c>LlamaForCausalLM</c>.</summary>
    public required string ModelClass { get; init; }

    /// <summary>The root of the file, without what <c>text_config</c> holds.</summary>
    public required JsonElement Root { get; init; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="InputException">It is missing, malformed or names no class.</exception>
    public static ModelConfig Read(string folder)
    {
        var path = System.IO.Path.Combine(folder, "config.json");
        if (!File.Exists(path))
            throw new InputException($"{path}: missing; give the folder of a Hugging Face model, with its config.json");
        var root = JsonFile.ReadObject(path);
        var text =
            root.TryGetProperty("text_config", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : (JsonElement?)null;
        var name = (text is { } t ? FirstClass(path, t) : null) ?? FirstClass(path, root);
        var config = new ModelConfig(path)
        {
            ModelClass = name
                ?? throw new InputException($"{path}: key 'architectures': expected a list with the model's class, found nothing"),
            Root = root,
        };
        foreach (var part in text is { } own ? new[] { root, own } : [root])
        foreach (var property in part.EnumerateObject())
            config._values[property.Name] = property.Value;
        return config;
    }

    /// <summary>Whether the file has a key, be it null.</summary>
    public bool Has(string key) => _values.ContainsKey(key);

    /// <summary>The value of the first of some keys that the file has; null when it is null or there is none.</summary>
    public JsonElement? Find(params ReadOnlySpan<string> keys) => FindWithKey(keys).Value;

    /// <summary>A whole number from 0 that a u32 holds, or null.</summary>
    /// <exception cref="InputException">Something else is there.</exception>
    public uint? Size(params ReadOnlySpan<string> keys) => FindWithKey(keys) is (var key, { } value) ? SizeOf(value, key) : null;

    /// <summary>A whole number from 0 that must be there.</summary>
    /// <exception cref="InputException">It is absent, or something else.</exception>
    public uint RequiredSize(params ReadOnlySpan<string> keys) => Size(keys) ?? throw Fault(keys[0], "a whole number", "nothing");

    /// <summary>A whole number from 1 that must be there.</summary>
    /// <exception cref="InputException">It is absent, 0, or something else.</exception>
    public uint RequiredCount(params ReadOnlySpan<string> keys) =>
        RequiredSize(keys) is > 0 and var count ? count : throw Fault(keys[0], "a number from 1", "0");

    /// <summary>A number, or null.</summary>
    /// <exception cref="InputException">Something else is there.</exception>
    public double? Real(params ReadOnlySpan<string> keys) => FindWithKey(keys) is (var key, { } value) ? RealOf(value, key) : null;

    /// <summary>A number that must be there.</summary>
    /// <exception cref="InputException">It is absent, or something else.</exception>
    public double RequiredReal(params ReadOnlySpan<string> keys) => Real(keys) ?? throw Fault(keys[0], "a number", "nothing");

    /// <summary>A text, or null.</summary>
    public string? Text(string key) => Find(key) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>A number of an object of the file.</summary>
    public double RealOf(JsonElement value, string key) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Fault(key, "a finite number", Shown(value));

    /// <summary>A whole number of an object of the file.</summary>
    public uint SizeOf(JsonElement value, string key) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetUInt32(out var number)
            ? number
            : throw Fault(key, "a whole number from 0", Shown(value));

    /// <summary>A fault of a key.</summary>
    public InputException Fault(string key, string expected, string found) =>
        new($"{Path}: key {GgufFaults.Quote(key)}: expected {expected}, found {found}; fetch the model again, or correct the file");

    /// <summary>A value as a message shows it.</summary>
    public static string Shown(JsonElement value) => GgufFaults.Quote(value.GetRawText())[1..^1].ToString(CultureInfo.InvariantCulture);

    private (string Key, JsonElement? Value) FindWithKey(ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            if (_values.TryGetValue(key, out var value))
                return (key, value.ValueKind == JsonValueKind.Null ? null : value);
        return ("", null);
    }

    private static string? FirstClass(string path, JsonElement part)
    {
        if (!part.TryGetProperty("architectures", out var list) || list.ValueKind == JsonValueKind.Null)
            return null;
        return list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0 && list[0].ValueKind == JsonValueKind.String
            ? list[0].GetString()
            : throw new InputException($"{path}: key 'architectures': expected a list with the model's class, found {Shown(list)}");
    }
}
