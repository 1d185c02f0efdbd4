namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>What <c>namespace()</c> makes: the only value that a template can change.</summary>
internal sealed class JinjaNamespace
{
    public Dictionary<string, object?> Members { get; } = new(StringComparer.Ordinal);
}
