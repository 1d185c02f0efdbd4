namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>What a map's <c>keys()</c>, <c>values()</c> and <c>items()</c> give: items without places.</summary>
/// <param name="name">Python's name, such as <c>dict_keys</c>.</param>
/// <param name="items">The items.</param>
internal sealed class JinjaView(string name, IEnumerable<object?> items) : List<object?>(items)
{
    public string Name { get; } = name;
}
