namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>The functions that every template has.</summary>
internal static class JinjaFunctions
{
    /// <summary>Functions by name.</summary>
    /// <param name="now">The time that <c>strftime_now</c> tells.</param>
    public static IReadOnlyDictionary<string, JinjaOperation> All(DateTime now) =>
        new Dictionary<string, JinjaOperation>(StringComparer.Ordinal)
        {
            ["range"] = JinjaOperation.Of(Range, "start, stop?, step?"),
            ["dict"] = JinjaOperation.Of(MakeMap, "*"),
            ["namespace"] = JinjaOperation.Of(MakeNamespace, "*"),
            ["joiner"] = JinjaOperation.Of(MakeJoiner, "sep?"),
            ["cycler"] = JinjaOperation.Of(MakeCycler, "*"),
            ["raise_exception"] = JinjaOperation.Of(
                call => throw JinjaFault.At(call.Line, $"the template refuses this conversation: {JinjaValues.ToText(call.Get(0))}"),
                "message"
            ),
            ["strftime_now"] = JinjaOperation.Of(call => JinjaClock.Format(call.Line, now, call.TextAt(0)), "format"),
        };

    private static object Range(JinjaCall call)
    {
        var (start, stop) = call.Has(1) ? (call.WholeAt(0), call.WholeAt(1)) : (0, call.WholeAt(0));
        var step = call.WholeAt(2, 1);
        if (step == 0)
            throw call.Fault("the step must not be 0");
        var count = Int128.Max(0, (((Int128)stop - start) / step) + 1);
        call.Budget.SpendItems(call.Line, (long)Int128.Min(count, long.MaxValue));
        var numbers = new List<object?>();
        for (var at = (Int128)start; step > 0 ? at < stop : at > stop; at += step)
            numbers.Add((long)at);
        return new JinjaRange(start, stop, step, numbers);
    }

    private static object MakeMap(JinjaCall call)
    {
        var made = new JinjaMap();
        foreach (var source in call.Arguments.Positional)
        {
            if (source is JinjaMap map)
                foreach (var (key, value) in map)
                    made[key] = value;
            else
                foreach (var pair in JinjaValues.Items(call.Budget, call.Line, source))
                    made[pair is List<object?> { Count: 2 } two && JinjaMap.IsKey(two[0]) ? two[0] : throw call.Fault("needs pairs")] = (
                        (List<object?>)pair!
                    )[1];
        }
        foreach (var (name, value) in call.Arguments.Named)
            made[name] = value;
        return made;
    }

    private static object MakeNamespace(JinjaCall call)
    {
        var made = new JinjaNamespace();
        foreach (var (key, value) in (JinjaMap)MakeMap(call))
            made.Members[JinjaValues.ToText(key)] = value;
        return made;
    }

    // Gives nothing the first time and the separator from then on.
    private static object MakeJoiner(JinjaCall call)
    {
        var separator = call.Get(0, ", ");
        var used = false;
        return (JinjaFunction)(
            _ =>
            {
                var text = used ? separator : "";
                used = true;
                return text;
            }
        );
    }

    private static object MakeCycler(JinjaCall call)
    {
        var items = call.Arguments.Positional;
        if (items.Count == 0)
            throw call.Fault("needs values");
        var at = 0;
        var cycler = new JinjaNamespace();
        cycler.Members["current"] = items[0];
        cycler.Members["next"] = (JinjaFunction)(
            _ =>
            {
                var item = items[at];
                at = (at + 1) % items.Count;
                cycler.Members["current"] = items[at];
                return item;
            }
        );
        cycler.Members["reset"] = (JinjaFunction)(
            _ =>
            {
                at = 0;
                cycler.Members["current"] = items[0];
                return null;
            }
        );
        return cycler;
    }
}
