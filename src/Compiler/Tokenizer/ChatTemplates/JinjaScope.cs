namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Names and values; a loop's body and a macro see the outer ones but set only their own.</summary>
internal sealed class JinjaScope(JinjaScope? outer)
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    public object? Get(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
            if (scope._values.TryGetValue(name, out var value))
                return value;
        return JinjaValues.Undefined;
    }

    public void Set(string name, object? value) => _values[name] = value;

    private JinjaScope? Outer { get; } = outer;
}
