namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Python's tuple: a list that prints in parentheses, equals no list and can be a key.</summary>
/// <param name="items">The items.</param>
/// <param name="names">Names of the items, where Python has a named tuple.</param>
internal sealed class JinjaTuple(IEnumerable<object?> items, params string[] names) : List<object?>(items)
{
    /// <summary>The item of a name; undefined where there is none.</summary>
    public object? Named(string name) => Array.IndexOf(names, name) is >= 0 and var at ? this[at] : JinjaValues.Undefined;
}
