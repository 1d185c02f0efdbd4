namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Filters on numbers and on values of any kind.</summary>
internal static class JinjaValueFilters
{
    public static IEnumerable<KeyValuePair<string, JinjaOperation>> All { get; } =
    [
        new("default", JinjaOperation.Of(Default, "default_value?, boolean?")),
        new("d", JinjaOperation.Of(Default, "default_value?, boolean?")),
        new("int", JinjaOperation.Of(ToWhole, "default?, base?")),
        new("float", JinjaOperation.Of(ToReal, "default?")),
        new("abs", JinjaOperation.Of(Absolute)),
        new("round", JinjaOperation.Of(Round, "precision?, method?")),
        new("string", JinjaOperation.Of(call => call.Made(call.Text))),
        new("safe", JinjaOperation.Of(call => JinjaMarkup.Of(call.Text))),
        new("tojson", JinjaOperation.Of(call => call.Made(JinjaJson.Of(call)), "ensure_ascii?, indent?, separators?, sort_keys?")),
        new("attr", JinjaOperation.Of(call => Attribute(call), "name")),
    ];

    // Attributes in Python's sense: methods and members of namespaces, never the items of a map.
    private static object? Attribute(JinjaCall call) =>
        call.Target is JinjaMap
            ? JinjaMethods.Find(call.Budget, call.Target, call.TextAt(0)) ?? JinjaValues.Undefined
            : JinjaAccess.Member(call.Budget, call.Line, call.Target, call.TextAt(0));

    private static object? Default(JinjaCall call) =>
        JinjaValues.IsUndefined(call.Target) || (call.Flag(1) && !JinjaValues.IsTrue(call.Target)) ? call.Get(0, "") : call.Target;

    private static object? ToWhole(JinjaCall call)
    {
        switch (call.Target)
        {
            case double number when !double.IsNaN(number):
                return Math.Abs(number) < long.MaxValue ? (long)number : throw call.Fault("the number is too large");
            case string text:
                if (JinjaNumbers.TryWhole(text, (int)call.WholeAt(1, 10), out var whole, out var tooLarge))
                    return whole;
                if (!JinjaNumbers.TryReal(text, out var real) || double.IsNaN(real))
                    return call.Get(0, 0L);
                return !tooLarge && Math.Abs(real) < long.MaxValue ? (long)real : throw call.Fault("the number is too large");
            case var undefined when JinjaValues.IsUndefined(undefined):
                throw call.Fault("the value is undefined");
            default:
                return JinjaValues.Whole(call.Target) ?? call.Get(0, 0L);
        }
    }

    private static object? ToReal(JinjaCall call) =>
        JinjaValues.IsUndefined(call.Target) ? throw call.Fault("the value is undefined")
        : JinjaValues.Number(call.Target) is { } number ? number
        : call.Target is string text && JinjaNumbers.TryReal(text, out var real) ? real
        : call.Get(0, 0.0);

    private static object Absolute(JinjaCall call) =>
        call.Target switch
        {
            // Boxed one by one: the branches are of two types.
            double number => (object)Math.Abs(number),
            _ when JinjaValues.Whole(call.Target) is { } whole and not long.MinValue => Math.Abs(whole),
            _ => throw call.Fault("needs a number"),
        };

    // Python: round() keeps a whole number whole; ceil and floor divide by a power of ten, which gives a real one.
    private static object Round(JinjaCall call)
    {
        var places = (int)Math.Clamp(call.WholeAt(0, 0), -300, 300);
        var number = JinjaValues.Number(call.Target) ?? throw call.Fault("needs a number");
        var method = call.TextAt(1, "common");
        if (method is "ceil" or "floor")
        {
            var scale = Math.Pow(10, places);
            return (method == "ceil" ? Math.Ceiling(number * scale) : Math.Floor(number * scale)) / scale;
        }
        if (method != "common")
            throw call.Fault($"the method is 'common', 'ceil' or 'floor', not '{method}'");
        var rounded = JinjaNumbers.Round(number, places);
        return JinjaValues.Whole(call.Target) is null ? rounded
            : places >= 0 ? JinjaValues.Whole(call.Target)!.Value
            : (object)(long)rounded;
    }
}
