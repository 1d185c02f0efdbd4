using System.Globalization;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Members and items of values: <c>a.b</c> and <c>a[b]</c>.</summary>
internal static class JinjaAccess
{
    /// <summary><c>target.name</c>: a method of the value, then an item of that name.</summary>
    public static object? Member(JinjaBudget budget, int line, object? target, string name)
    {
        if (target is JinjaNamespace space)
            return space.Members.TryGetValue(name, out var member) ? member : JinjaValues.Undefined;
        if (JinjaValues.IsUndefined(target))
            throw JinjaFault.At(line, $"'{name}' is asked of an undefined value");
        // Python's macros know their name and arguments; no template of a public model asks for them.
        if (target is JinjaFunction && name is "name" or "arguments" or "catch_kwargs" or "catch_varargs" or "explicit_caller" or "caller")
            throw JinjaFault.At(line, $"'{name}' of a macro is not supported");
        return JinjaMethods.Find(budget, target, name)
            ?? target switch
            {
                long or double or bool when name == "real" => JinjaValues.Whole(target) ?? target,
                long or bool when name is "numerator" => JinjaValues.Whole(target),
                long or bool when name is "denominator" => 1L,
                long or bool when name is "imag" => 0L,
                double when name is "imag" => 0.0,
                JinjaMap map => map.TryGetValue(name, out var value) ? value : JinjaValues.Undefined,
                JinjaTuple tuple => tuple.Named(name),
                _ => JinjaValues.Undefined,
            };
    }

    /// <summary><c>target[key]</c>: an item, then a method of that name.</summary>
    public static object? Item(JinjaBudget budget, int line, object? target, object? key)
    {
        switch (target)
        {
            case JinjaMap map when JinjaMap.IsKey(key) && map.TryGetValue(key, out var value):
                return value;
            case JinjaView:
                break;
            case List<object?> list when JinjaValues.Whole(key) is { } at:
                at = at < 0 ? at + list.Count : at;
                return at >= 0 && at < list.Count ? list[(int)at] : JinjaValues.Undefined;
            case string text when JinjaValues.Whole(key) is { } at:
                var characters = JinjaValues.Items(budget, line, text);
                at = at < 0 ? at + characters.Count : at;
                return at >= 0 && at < characters.Count ? characters[(int)at] : JinjaValues.Undefined;
        }
        if (key is string name)
            return Member(budget, line, target, name);
        return JinjaValues.IsUndefined(target)
            ? throw JinjaFault.At(line, "an item is asked of an undefined value")
            : JinjaValues.Undefined;
    }

    /// <summary>What <c>attribute='a.0.b'</c> of a filter reaches from an item.</summary>
    /// <param name="budget">Bounds the work.</param>
    /// <param name="line">Line for messages.</param>
    /// <param name="item">Where the path starts.</param>
    /// <param name="path">Names and places between dots, or one key of another kind.</param>
    /// <param name="fallback">Replacement for a missing step; null for none.</param>
    public static object? Path(JinjaBudget budget, int line, object? item, object? path, object? fallback = null)
    {
        foreach (var step in path is string names ? names.Split('.').Select(Key) : [path])
        {
            item = Item(budget, line, item, step);
            if (fallback is not null && JinjaValues.IsUndefined(item))
                item = fallback;
        }
        return item;
    }

    private static object? Key(string name) => long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : name;
}
