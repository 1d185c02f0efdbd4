using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Conversion;

/// <summary>Keys of the GGUF file that is made; of two values for one key the later stands.</summary>
internal sealed class GgufKeys(string architecture)
{
    private readonly OrderedDictionary<string, Action<GgufWriter>> _keys = new(StringComparer.Ordinal);

    /// <summary>Architecture, the prefix of <see cref="Own"/>'s keys.</summary>
    public string Architecture => architecture;

    /// <summary>Adds a scalar.</summary>
    public void Add<T>(string key, T value)
        where T : unmanaged => _keys[key] = writer => writer.Add(key, value);

    /// <summary>Adds a text.</summary>
    public void Add(string key, string value) => _keys[key] = writer => writer.Add(key, value);

    /// <summary>Adds a list of texts.</summary>
    public void Add(string key, IReadOnlyList<string> values) => _keys[key] = writer => writer.AddArray(key, values);

    /// <summary>Adds a list of texts as bytes.</summary>
    public void Add(string key, IReadOnlyList<byte[]> values) => _keys[key] = writer => writer.AddArray(key, values);

    /// <summary>Adds a list of numbers.</summary>
    public void AddArray<T>(string key, T[] values)
        where T : unmanaged => _keys[key] = writer => writer.AddArray(key, values);

    /// <summary>Adds a scalar of the architecture when there is one.</summary>
    public void Own<T>(string key, T? value)
        where T : unmanaged
    {
        if (value is { } there)
            Add($"{architecture}.{key}", there);
    }

    /// <summary>Adds a number of the architecture as f32 when there is one.</summary>
    public void OwnReal(string key, double? value) => Own(key, (float?)value);

    /// <summary>Takes a key of the architecture away.</summary>
    public void Drop(string key) => _keys.Remove($"{architecture}.{key}");

    /// <summary>Adds a text of the architecture.</summary>
    public void OwnText(string key, string value) => Add($"{architecture}.{key}", value);

    /// <summary>Writes all of them.</summary>
    public void WriteTo(GgufWriter writer)
    {
        foreach (var add in _keys.Values)
            add(writer);
    }
}
