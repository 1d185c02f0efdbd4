namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Operators on values, with Python's meaning.</summary>
internal static class JinjaOperators
{
    public static object? Apply(JinjaBudget budget, int line, string op, object? left, object? right)
    {
        if (op == "~")
            return budget.Made(line, JinjaValues.ToText(left) + JinjaValues.ToText(right));
        switch (op, left, right)
        {
            case ("+", string a, string b):
                budget.Spend(line, (long)a.Length + b.Length);
                // Python's Markup escapes what is added to it.
                return JinjaMarkup.Is(a) || JinjaMarkup.Is(b)
                    ? JinjaMarkup.Of(budget.Made(line, JinjaMarkup.Escaped(a) + JinjaMarkup.Escaped(b)))
                    : a + b;
            case ("+", JinjaTuple a, JinjaTuple b):
                return new JinjaTuple(budget.Made(line, [.. a, .. b]));
            case ("+", List<object?> a, List<object?> b) 
                when a is not (JinjaTuple or JinjaView or JinjaRange) && b is not (JinjaTuple or JinjaView or JinjaRange):
                return budget.Made(line, [.. a, .. b]);
            case ("*", string text, _) when JinjaValues.Whole(right) is { } times:
                return Repeat(budget, line, text, times);
            case ("*", _, string text) when JinjaValues.Whole(left) is { } times:
                return Repeat(budget, line, text, times);
            case ("*", List<object?> list, _) when JinjaValues.Whole(right) is { } times:
                return Repeat(budget, line, list, times);
            case ("*", _, List<object?> list) when JinjaValues.Whole(left) is { } times:
                return Repeat(budget, line, list, times);
            case ("%", string format, _):
                return budget.Made(line, JinjaFormat.Percent(budget, line, format, right));
        }
        try
        {
            return (left, right) switch
            {
                _ when JinjaValues.Whole(left) is { } a && JinjaValues.Whole(right) is { } b => Whole(line, op, a, b),
                _ when JinjaValues.Number(left) is { } a && JinjaValues.Number(right) is { } b => Real(line, op, a, b),
                _ => throw JinjaFault.At(line, $"'{op}' cannot join {NameOf(left)} and {NameOf(right)}"),
            };
        }
        catch (OverflowException)
        {
            throw JinjaFault.At(line, $"the result of '{op}' is too large");
        }
    }

    public static bool Compare(int line, string op, object? left, object? right)
    {
        if (op is "==" or "!=")
            return JinjaValues.AreEqual(left, right) == (op == "==");
        if (op is "in" or "not in")
            return Contains(line, left, right) == (op == "in");
        var order = JinjaValues.Order(left, right)
            ?? throw JinjaFault.At(line, $"'{op}' cannot compare {NameOf(left)} and {NameOf(right)}");
        if (JinjaValues.Number(left) is double.NaN || JinjaValues.Number(right) is double.NaN)
            return false;
        return op switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    public static bool Contains(int line, object? item, object? container) =>
        container switch
        {
            string text => item is string part
                ? text.Contains(part, StringComparison.Ordinal)
                : throw JinjaFault.At(line, $"'in' looks for text in text, not for {NameOf(item)}"),
            List<object?> list => list.Exists(other => JinjaValues.AreEqual(item, other)),
            JinjaMap map => JinjaMap.IsKey(item) && map.ContainsKey(item),
            _ when ReferenceEquals(container, JinjaValues.Undefined) => false,
            _ => throw JinjaFault.At(line, $"'in' cannot look into {NameOf(container)}"),
        };

    /// <summary>The kind of a value for messages.</summary>
    public static string NameOf(object? value) =>
        value switch
        {
            null => "none",
            bool => "a truth value",
            long or double => "a number",
            string => "text",
            List<object?> => "a list",
            JinjaMap => "a map",
            _ => ReferenceEquals(value, JinjaValues.Undefined) ? "an undefined value" : "an object",
        };

    private static string Repeat(JinjaBudget budget, int line, string text, long times)
    {
        var count = (int)Math.Clamp(times, 0, int.MaxValue);
        budget.Spend(line, (long)text.Length * count);
        return text.Length == 0 ? "" : JinjaText.Repeat(text, count);
    }

    private static List<object?> Repeat(JinjaBudget budget, int line, List<object?> list, long times)
    {
        if (list is JinjaView)
            throw JinjaFault.At(line, "'*' cannot repeat a view of a map");
        var count = (int)Math.Clamp(times, 0, int.MaxValue);
        budget.SpendItems(line, (long)list.Count * count);
        var repeated = list.Count == 0 ? [] : Enumerable.Repeat(list, count).SelectMany(items => items);
        return list is JinjaTuple ? new JinjaTuple(repeated) : [.. repeated];
    }

    private static object Whole(int line, string op, long a, long b)
    {
        if (b == 0 && op is "/" or "//" or "%" && b == 0)
            throw JinjaFault.At(line, "division by zero");
        checked
        {
            return op switch
            {
                // Boxed one by one: the branches are of two types.
                "+" => (object)(a + b),
                "-" => a - b,
                "*" => a * b,
                "/" => (double)a / b,
                "//" => (a / b) - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0),
                "%" => b is 1 or -1 ? 0L : (((a % b) + b) % b),
                _ when b < 0 => a == 0 ? throw JinjaFault.At(line, "division by zero") : Math.Pow(a, b),
                _ => Power(a, b),
            };
        }
    }

    private static long Power(long number, long exponent)
    {
        if (number is 0 or 1 or -1)
            return exponent == 0 ? 1
                : number < 0 && exponent % 2 == 0 ? 1
                : number;
        var power = 1L;
        for (; exponent > 0; exponent--)
            power = checked(power * number);
        return power;
    }

    private static object Real(int line, string op, double a, double b)
    {
        if (b == 0 && op is "/" or "//" or "%" && b == 0)
            throw JinjaFault.At(line, "division by zero");
        return op switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => a / b,
            "//" => Math.Floor(a / b),
            "%" => a - (b * Math.Floor(a / b)),
            _ => Math.Pow(a, b),
        };
    }
}
