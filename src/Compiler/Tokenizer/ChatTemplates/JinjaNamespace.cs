namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>What <c>namespace()</c> makes: the only value that a template can change.</summary>
internal sealed class JinjaNamespace
{
    public Dictionary<string, object?> Members { get; } = new(StringComparer.Ordinal);

    /// <summary>The members as a map.</summary>
    public JinjaMap AsMap()
    {
        var map = new JinjaMap();
        foreach (var (name, value) in Members)
            map[name] = value;
        return map;
    }
}
