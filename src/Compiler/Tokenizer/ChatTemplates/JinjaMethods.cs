namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Python's methods of text, maps, lists and numbers that templates use. None changes its object.</summary>
internal static class JinjaMethods
{
    private static readonly Dictionary<string, JinjaOperation> OfMap = new(StringComparer.Ordinal)
    {
        ["items"] = Of(call => new JinjaView(
            "dict_items",
            call.Made(Map(call).Select(object? (item) => new JinjaTuple([item.Key, item.Value])))
        )),
        ["keys"] = Of(call => new JinjaView("dict_keys", call.Made(Map(call).Keys))),
        ["values"] = Of(call => new JinjaView("dict_values", call.Made(Map(call).Values))),
        ["get"] = Of(Get, "key, default?"),
        ["copy"] = Of(call => call.Target),
        ["update"] = Changing("*"),
        ["pop"] = Changing("*"),
        ["popitem"] = Changing("*"),
        ["setdefault"] = Changing("*"),
        ["clear"] = Changing("*"),
    };

    private static readonly Dictionary<string, JinjaOperation> OfList = new(StringComparer.Ordinal)
    {
        ["index"] = Of(IndexIn, "value, start?, stop?"),
        ["count"] = Of(call => (long)call.Items.Count(item => JinjaValues.AreEqual(item, call.Get(0))), "value"),
        ["copy"] = Of(call => call.Made(call.Items)),
        ["append"] = Changing("*"),
        ["extend"] = Changing("*"),
        ["insert"] = Changing("*"),
        ["pop"] = Changing("*"),
        ["remove"] = Changing("*"),
        ["reverse"] = Changing("*"),
        ["sort"] = Changing("*"),
        ["clear"] = Changing("*"),
    };

    private static readonly Dictionary<string, JinjaOperation> OfReal = new(StringComparer.Ordinal)
    {
        ["is_integer"] = Of(call => call.Target is double number && Math.Floor(number) == number),
    };

    private static readonly Dictionary<string, JinjaOperation> OfWhole = new(StringComparer.Ordinal)
    {
        ["is_integer"] = Of(_ => true),
        ["bit_length"] = Of(call => 64L - (long)ulong.LeadingZeroCount((ulong)Math.Abs(JinjaValues.Whole(call.Target) ?? 0))),
    };

    /// <summary>A method of a value, ready to be called; null when the value has none of that name.</summary>
    public static JinjaFunction? Find(JinjaBudget budget, object? target, string name)
    {
        var methods = target switch
        {
            string => JinjaTextMethods.All,
            JinjaMap => OfMap,
            JinjaTuple when name is not ("index" or "count") => null,
            JinjaView => null,
            List<object?> => OfList,
            double => OfReal,
            long or bool => OfWhole,
            _ => null,
        };
        return methods?.GetValueOrDefault(name) is { } method
            ? arguments => method.Call($"the method '{name}'", budget, target, arguments)
            : null;
    }

    private static JinjaOperation Of(Func<JinjaCall, object?> run, string signature = "") => JinjaOperation.Of(run, signature);

    private static JinjaOperation Changing(string signature) =>
        Of(call => throw call.Fault("a template cannot change a list or map"), signature);

    private static JinjaMap Map(JinjaCall call) => (JinjaMap)call.Target!;

    private static object? Get(JinjaCall call) =>
        JinjaMap.IsKey(call.Get(0))
            ? Map(call).TryGetValue(call.Get(0), out var found)
                ? found
                : call.Get(1)
            : throw call.Fault("this value cannot be a key");

    private static object IndexIn(JinjaCall call)
    {
        var items = call.Items;
        call.Budget.Spend(call.Line, items.Count);
        var start = Bound(call.WholeAt(1, 0), items.Count);
        var stop = Bound(call.WholeAt(2, items.Count), items.Count);
        for (var i = start; i < stop; i++)
            if (JinjaValues.AreEqual(items[i], call.Get(0)))
                return (long)i;
        throw call.Fault("the list does not hold this value");
    }

    private static int Bound(long at, int count) => (int)Math.Clamp(at < 0 ? at + count : at, 0, count);
}
