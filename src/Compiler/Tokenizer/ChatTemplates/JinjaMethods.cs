using System.Globalization;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Python's methods of text, maps and lists that templates use. None changes its object.</summary>
internal static class JinjaMethods
{
    private const string WhiteSpace =
        " \t\n\r\v\f\u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000";

    /// <summary>Calls a method; false when the object has none of that name.</summary>
    public static bool TryCall(JinjaBudget budget, object? target, string name, JinjaArguments arguments, out object? result)
    {
        switch (target)
        {
            case string text:
                result = OnText(budget, name, text, arguments);
                return true;
            case OrderedDictionary<string, object?> map when name is "items" or "keys" or "values" or "get":
                result = name switch
                {
                    "items" => map.Select(object? (item) => new List<object?> { item.Key, item.Value }).ToList(),
                    "keys" => map.Keys.ToList<object?>(),
                    "values" => map.Values.ToList(),
                    _ => arguments.Required(0, "key") is string key && map.TryGetValue(key, out var found)
                        ? found
                        : arguments.Get(1, "default"),
                };
                budget.Spend(arguments.Line, map.Count);
                return true;
            case List<object?> list when name is "index" or "count":
                var wanted = arguments.Required(0, "value");
                budget.Spend(arguments.Line, list.Count);
                result =
                    name == "count" ? list.Count(item => JinjaValues.AreEqual(item, wanted))
                    : list.FindIndex(item => JinjaValues.AreEqual(item, wanted)) is >= 0 and var at ? (long)at
                    : throw JinjaFault.At(arguments.Line, "the list does not hold this value");
                if (result is int count)
                    result = (long)count;
                return true;
            default:
                result = null;
                return false;
        }
    }

    public static object? OnText(JinjaBudget budget, string name, string text, JinjaArguments arguments)
    {
        budget.Spend(arguments.Line, text.Length);
        switch (name)
        {
            case "strip":
                return text.Trim(Characters());
            case "lstrip":
                return text.TrimStart(Characters());
            case "rstrip":
                return text.TrimEnd(Characters());
            case "upper":
                return text.ToUpperInvariant();
            case "lower":
                return text.ToLowerInvariant();
            case "capitalize":
                return text.Length == 0 ? text : text[..1].ToUpperInvariant() + text[1..].ToLowerInvariant();
            case "title":
                return CultureInfo.InvariantCulture.TextInfo.ToTitleCase(text.ToLowerInvariant());
            case "startswith":
                return AnyOf(part => text.StartsWith(part, StringComparison.Ordinal));
            case "endswith":
                return AnyOf(part => text.EndsWith(part, StringComparison.Ordinal));
            case "find":
                return (long)text.IndexOf(arguments.Text(0, "sub"), StringComparison.Ordinal);
            case "count":
                return (long)text.AsSpan().Count(arguments.Text(0, "sub"));
            case "replace":
                return Replace(budget, text, arguments);
            case "split":
                return budget.Made(arguments.Line, Split(text, arguments));
            case "splitlines":
                var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r').ToList<object?>();
                if (lines[^1] is "")
                    lines.RemoveAt(lines.Count - 1);
                return budget.Made(arguments.Line, lines);
            case "join":
                var parts = JinjaInterpreter
                    .Items(budget, arguments.Line, arguments.Required(0, "iterable"))
                    .Select(JinjaValues.ToText)
                    .ToList();
                budget.Spend(arguments.Line, parts.Sum(part => (long)part.Length + text.Length));
                return string.Join(text, parts);
            default:
                throw JinjaFault.At(arguments.Line, $"text has no method '{name}' that is supported");
        }

        char[] Characters() => (arguments.Get(0, "chars") as string ?? WhiteSpace).ToCharArray();

        bool AnyOf(Func<string, bool> holds) =>
            arguments.Required(0, "prefix") switch
            {
                string part => holds(part),
                List<object?> parts => parts.Exists(part => part is string s && holds(s)),
                _ => throw JinjaFault.At(arguments.Line, $"'{name}' needs text"),
            };
    }

    private static string Replace(JinjaBudget budget, string text, JinjaArguments arguments)
    {
        var (old, replacement) = (arguments.Text(0, "old"), arguments.Text(1, "new"));
        if (old.Length == 0)
            throw JinjaFault.At(arguments.Line, "'replace' needs some text to replace");
        var most = arguments.Get(2, "count") is long count and >= 0 ? count : long.MaxValue;
        budget.Spend(arguments.Line, (long)text.AsSpan().Count(old) * replacement.Length);
        if (most == long.MaxValue)
            return text.Replace(old, replacement, StringComparison.Ordinal);
        var pieces = text.Split(old, (int)Math.Min(most + 1, int.MaxValue), StringSplitOptions.None);
        return string.Join(replacement, pieces);
    }

    private static List<object?> Split(string text, JinjaArguments arguments)
    {
        var most = arguments.Get(1, "maxsplit") is long count and >= 0 ? (int)Math.Min(count + 1, int.MaxValue) : int.MaxValue;
        if (arguments.Get(0, "sep") is string { Length: > 0 } separator)
            return [.. text.Split(separator, most, StringSplitOptions.None)];
        if (most != int.MaxValue)
            throw JinjaFault.At(arguments.Line, "'split' with a count needs a separator");
        return [.. text.Split(WhiteSpace.ToCharArray(), StringSplitOptions.RemoveEmptyEntries)];
    }
}
