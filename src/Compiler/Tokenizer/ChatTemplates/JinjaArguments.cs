namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Evaluated arguments of a call, a filter or a test.</summary>
internal sealed record JinjaArguments(int Line, IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    public int Count => Positional.Count;

    /// <summary>The argument at a position or with a name; the fallback when it is absent.</summary>
    public object? Get(int position, string name, object? fallback = null) =>
        position < Positional.Count ? Positional[position]
        : Named.TryGetValue(name, out var value) ? value
        : fallback;

    public string Text(int position, string name, string? fallback = null) =>
        Get(position, name, fallback) as string ?? throw JinjaFault.At(Line, $"argument '{name}' must be text");

    public long Whole(int position, string name, long? fallback = null) =>
        Get(position, name, fallback) is long value ? value : throw JinjaFault.At(Line, $"argument '{name}' must be a whole number");

    public object? Required(int position, string name) =>
        position < Positional.Count || Named.ContainsKey(name)
            ? Get(position, name)
            : throw JinjaFault.At(Line, $"argument '{name}' is missing");

    /// <summary>The same arguments without the first.</summary>
    public JinjaArguments Rest() => this with { Positional = [.. Positional.Skip(1)] };
}
