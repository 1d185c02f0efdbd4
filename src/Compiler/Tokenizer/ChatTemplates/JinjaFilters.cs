namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>What follows <c>|</c>: every filter with the arguments that it takes.</summary>
internal static class JinjaFilters
{
    private static readonly Dictionary<string, JinjaOperation> Known = new(
        [.. JinjaTextFilters.All, .. JinjaListFilters.All, .. JinjaValueFilters.All],
        StringComparer.Ordinal
    );

    public static bool Knows(string name) => Known.ContainsKey(name);

    public static object? Apply(JinjaBudget budget, string name, object? value, JinjaArguments arguments) =>
        Known.TryGetValue(name, out var filter)
            ? filter.Call($"the filter '{name}'", budget, value, arguments)
            : throw JinjaFault.At(arguments.Line, $"the filter '{name}' is not supported");
}
