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
                return a + b;
            case ("+", List<object?> a, List<object?> b):
                return budget.Made(line, [.. a, .. b]);
            case ("*", string text, long times):
                budget.Spend(line, text.Length * Math.Clamp(times, 0, int.MaxValue));
                return string.Concat(Enumerable.Repeat(text, (int)Math.Clamp(times, 0, int.MaxValue)));
        }
        try
        {
            return (left, right) switch
            {
                (long a, long b) => Whole(line, op, a, b),
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
        var order = (left, right) switch
        {
            (string a, string b) => string.CompareOrdinal(a, b),
            _ when JinjaValues.Number(left) is { } a && JinjaValues.Number(right) is { } b => a.CompareTo(b),
            _ => throw JinjaFault.At(line, $"'{op}' cannot compare {NameOf(left)} and {NameOf(right)}"),
        };
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
            OrderedDictionary<string, object?> map => item is string key && map.ContainsKey(key),
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
            OrderedDictionary<string, object?> => "a map",
            _ => ReferenceEquals(value, JinjaValues.Undefined) ? "an undefined value" : "an object",
        };

    private static object Whole(int line, string op, long a, long b)
    {
        if (b == 0 && op is "/" or "//" or "%" && b == 0)
            throw JinjaFault.At(line, "division by zero");
        checked
        {
            return op switch
            {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                "/" => (double)a / b,
                "//" => (a / b) - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0),
                "%" => b is 1 or -1 ? 0 : (((a % b) + b) % b),
                _ => Math.Pow(a, b) is var power && b >= 0 && Math.Abs(power) < 1L << 53 ? (long)power : (object)power,
            };
        }
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
