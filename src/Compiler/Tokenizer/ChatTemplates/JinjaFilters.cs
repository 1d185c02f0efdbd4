using System.Globalization;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>What stands after <c>|</c>.</summary>
internal static class JinjaFilters
{
    public static object? Apply(JinjaBudget budget, string name, object? value, JinjaArguments arguments)
    {
        var line = arguments.Line;
        switch (name)
        {
            case "default" or "d":
                var replaces =
                    ReferenceEquals(value, JinjaValues.Undefined)
                    || (JinjaValues.IsTrue(arguments.Get(1, "boolean", fallback: false)) && !JinjaValues.IsTrue(value));
                return replaces ? arguments.Get(0, "default_value", "") : value;
            case "trim":
                return JinjaMethods.OnText(budget, "strip", Text(), arguments);
            case "upper" or "lower" or "title" or "capitalize" or "replace":
                return JinjaMethods.OnText(budget, name, Text(), arguments);
            case "string":
                return budget.Made(line, Text());
            case "safe":
                return value;
            case "int":
                return ToWhole(value, arguments);
            case "float":
                return JinjaValues.Number(value)
                    ?? (double.TryParse(value as string, CultureInfo.InvariantCulture, out var real) ? real : 0.0);
            case "abs":
                return value switch
                {
                    long whole when whole != long.MinValue => Math.Abs(whole),
                    double number => Math.Abs(number),
                    _ => throw JinjaFault.At(line, "'abs' needs a number"),
                };
            case "round":
                var digits = (int)Math.Clamp(arguments.Whole(0, "precision", 0), 0, 15);
                return Math.Round(
                    JinjaValues.Number(value) ?? throw JinjaFault.At(line, "'round' needs a number"),
                    digits,
                    MidpointRounding.ToEven
                );
            case "tojson":
                var indent = arguments.Get(0, "indent") is long width ? (int?)Math.Clamp(width, 0, 16) : null;
                return budget.Made(line, JinjaValues.ToJson(value, indent));
            case "indent":
                return budget.Made(line, Indent(Text(), arguments));
            case "length" or "count":
                return value is OrderedDictionary<string, object?> counted ? counted.Count
                    : value is string text ? CodePoints(text)
                    : (long)Items().Count;
            case "items" or "dictsort":
                var map = value as OrderedDictionary<string, object?> ?? throw JinjaFault.At(line, $"'{name}' needs a map");
                IEnumerable<KeyValuePair<string, object?>> pairs =
                    name == "items" ? map : map.OrderBy(item => item.Key, StringComparer.OrdinalIgnoreCase);
                return budget.Made(line, pairs.Select(object? (item) => new List<object?> { item.Key, item.Value }).ToList());
            case "join":
                var attribute = arguments.Get(1, "attribute") as string;
                var parts = Items().Select(item => JinjaValues.ToText(attribute is null ? item : Member(item, attribute))).ToList();
                var separator = JinjaValues.ToText(arguments.Get(0, "d", ""));
                budget.Spend(line, parts.Sum(part => (long)part.Length + separator.Length));
                return string.Join(separator, parts);
            case "first":
                return Items() is { Count: > 0 } some ? some[0] : JinjaValues.Undefined;
            case "last":
                return Items() is { Count: > 0 } others ? others[^1] : JinjaValues.Undefined;
            case "list":
                return budget.Made(line, [.. Items()]);
            case "reverse":
                var reversed = budget.Made(line, Items().AsEnumerable().Reverse().ToList());
                return value is string ? string.Concat(reversed) : reversed;
            case "unique":
                return Unique(budget, line, Items());
            case "sum":
                return Items().Aggregate((object?)0L, (sum, item) => JinjaOperators.Apply(budget, line, "+", sum, item));
            case "map":
                return budget.Made(line, Items().Select(item => Map(budget, item, arguments)).ToList());
            case "select" or "reject":
                return budget.Made(line, Items().Where(item => Passes(item, arguments) == (name == "select")).ToList());
            case "selectattr" or "rejectattr":
                var key = arguments.Text(0, "attribute");
                return budget.Made(
                    line,
                    Items().Where(item => Passes(Member(item, key), arguments.Rest()) == (name == "selectattr")).ToList()
                );
            default:
                throw JinjaFault.At(line, $"the filter '{name}' is not supported");
        }

        string Text() => JinjaValues.ToText(value);
        List<object?> Items() => JinjaInterpreter.Items(budget, line, value);
    }

    private static long CodePoints(string text)
    {
        var count = 0L;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }

    private static object? Member(object? item, string path)
    {
        foreach (var name in path.Split('.'))
            item = item is OrderedDictionary<string, object?> map && map.TryGetValue(name, out var value) ? value : JinjaValues.Undefined;
        return item;
    }

    private static object? Map(JinjaBudget budget, object? item, JinjaArguments arguments)
    {
        if (arguments.Named.TryGetValue("attribute", out var attribute))
        {
            var value = Member(item, JinjaValues.ToText(attribute));
            return ReferenceEquals(value, JinjaValues.Undefined) && arguments.Named.TryGetValue("default", out var fallback)
                ? fallback
                : value;
        }
        return Apply(budget, arguments.Text(0, "filter"), item, arguments.Rest());
    }

    private static bool Passes(object? value, JinjaArguments arguments) =>
        arguments.Count == 0 ? JinjaValues.IsTrue(value) : JinjaTests.Apply(TestName(arguments.Text(0, "test")), value, arguments.Rest());

    private static string TestName(string name) =>
        name switch
        {
            "==" => "eq",
            "!=" => "ne",
            "<" => "lt",
            "<=" => "le",
            ">" => "gt",
            ">=" => "ge",
            _ => name,
        };

    private static object ToWhole(object? value, JinjaArguments arguments) =>
        value switch
        {
            long whole => whole,
            bool flag => flag ? 1L : 0L,
            double number when Math.Abs(number) < 1L << 53 => (long)number,
            string text when long.TryParse(text.Trim(), CultureInfo.InvariantCulture, out var parsed) => parsed,
            _ => arguments.Whole(0, "default", 0),
        };

    private static string Indent(string text, JinjaArguments arguments)
    {
        var margin = arguments.Get(0, "width", 4L) as string ?? new string(' ', (int)Math.Clamp(arguments.Whole(0, "width", 4), 0, 64));
        var indentsFirst = JinjaValues.IsTrue(arguments.Get(1, "first", fallback: false));
        var indentsBlank = JinjaValues.IsTrue(arguments.Get(2, "blank", fallback: false));
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
            if ((i > 0 || indentsFirst) && (lines[i].Length > 0 || indentsBlank))
                lines[i] = margin + lines[i];
        return string.Join('\n', lines);
    }

    private static List<object?> Unique(JinjaBudget budget, int line, List<object?> items)
    {
        var kept = new List<object?>();
        foreach (var item in items)
        {
            budget.Spend(line, kept.Count);
            if (!kept.Exists(other => JinjaValues.AreEqual(item, other)))
                kept.Add(item);
        }
        return kept;
    }
}
