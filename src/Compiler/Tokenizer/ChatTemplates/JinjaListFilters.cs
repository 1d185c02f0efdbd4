using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Filters on lists, maps and whatever else has items.</summary>
internal static class JinjaListFilters
{
    public static IEnumerable<KeyValuePair<string, JinjaOperation>> All { get; } =
    [
        new("length", JinjaOperation.Of(Length)),
        new("count", JinjaOperation.Of(Length)),
        new("items", JinjaOperation.Of(call => call.Made(Pairs(call)))),
        new("dictsort", JinjaOperation.Of(SortMap, "case_sensitive?, by?, reverse?")),
        new("join", JinjaOperation.Of(Join, "d?, attribute?")),
        new("first", JinjaOperation.Of(call => call.Items is { Count: > 0 } items ? items[0] : JinjaValues.Undefined)),
        new("last", JinjaOperation.Of(call => call.Items is { Count: > 0 } items ? items[^1] : JinjaValues.Undefined)),
        new("list", JinjaOperation.Of(call => call.Made(call.Items))),
        new("reverse", JinjaOperation.Of(Reverse)),
        new("unique", JinjaOperation.Of(Unique, "case_sensitive?, attribute?")),
        new("sort", JinjaOperation.Of(Sort, "reverse?, case_sensitive?, attribute?")),
        new("min", JinjaOperation.Of(call => Extreme(call, -1), "case_sensitive?, attribute?")),
        new("max", JinjaOperation.Of(call => Extreme(call, 1), "case_sensitive?, attribute?")),
        new("sum", JinjaOperation.Of(Sum, "attribute?, start?")),
        new("batch", JinjaOperation.Of(Batch, "linecount, fill_with?")),
        new("slice", JinjaOperation.Of(Slice, "slices, fill_with?")),
        new("groupby", JinjaOperation.Of(GroupBy, "attribute, default?, case_sensitive?")),
        new("map", JinjaOperation.Of(Map, "*")),
        new("select", JinjaOperation.Of(call => Select(call, wanted: true, byAttribute: false), "*")),
        new("reject", JinjaOperation.Of(call => Select(call, wanted: false, byAttribute: false), "*")),
        new("selectattr", JinjaOperation.Of(call => Select(call, wanted: true, byAttribute: true), "*")),
        new("rejectattr", JinjaOperation.Of(call => Select(call, wanted: false, byAttribute: true), "*")),
    ];

    private static object Length(JinjaCall call)
    {
        call.Budget.Spend(call.Line, call.Target is string s ? s.Length / 8 : 1);
        return call.Target switch
        {
            JinjaMap map => (long)map.Count,
            string text => JinjaValues.CodePoints(text),
            _ => (long)call.Items.Count,
        };
    }

    private static IEnumerable<object?> Pairs(JinjaCall call) =>
        JinjaValues.IsUndefined(call.Target) ? []
        : call.Target is JinjaMap map ? map.Select(object? (item) => new JinjaTuple([item.Key, item.Value]))
        : throw call.Fault("needs a map");

    private static List<object?> SortMap(JinjaCall call)
    {
        if (JinjaValues.IsUndefined(call.Target))
            throw call.Fault("needs a map");
        var by = call.TextAt(1, "key") switch
        {
            "key" => 0,
            "value" => 1,
            var other => throw call.Fault($"sorts by 'key' or 'value', not '{other}'"),
        };
        return call.Made(Sorted(call, [.. Pairs(call)], pair => ((JinjaTuple)pair!)[by], call.Flag(0), call.Flag(2)));
    }

    private static string Join(JinjaCall call)
    {
        var attribute = call.Get(1);
        var parts = call
            .Items.Select(item => JinjaValues.ToText(attribute is null ? item : JinjaAccess.Path(call.Budget, call.Line, item, attribute)))
            .ToList();
        var separator = JinjaValues.ToText(call.Get(0, ""));
        call.Budget.Spend(call.Line, parts.Sum(part => (long)part.Length + separator.Length));
        return string.Join(separator, parts);
    }

    private static object Reverse(JinjaCall call)
    {
        var reversed = call.Made(call.Items.AsEnumerable().Reverse());
        return call.Target is string ? string.Concat(reversed) : reversed;
    }

    private static List<object?> Unique(JinjaCall call)
    {
        var key = KeyOf(call, attributeAt: 1, caseSensitive: call.Flag(0));
        var (seen, kept) = (new JinjaMap(), new List<object?>());
        foreach (var item in call.Items)
        {
            var value = key(item);
            call.Budget.Spend(call.Line, value is string text ? text.Length : 1);
            if (!JinjaMap.IsKey(value))
                throw call.Fault("compares text and numbers only");
            if (seen.ContainsKey(value))
                continue;
            seen[value] = true;
            kept.Add(item);
        }
        return kept;
    }

    private static List<object?> Sort(JinjaCall call)
    {
        var caseSensitive = call.Flag(1);
        if (call.Get(2) is string attributes && attributes.Contains(','))
        {
            var paths = attributes.Split(',');
            return call.Made(
                Sorted(
                    call,
                    call.Items,
                    item => new JinjaTuple(
                        paths.Select(path => Folded(JinjaAccess.Path(call.Budget, call.Line, item, path), caseSensitive))
                    ),
                    caseSensitive,
                    call.Flag(0)
                )
            );
        }
        return call.Made(Sorted(call, call.Items, KeyOf(call, 2, caseSensitive), caseSensitive, call.Flag(0)));
    }

    private static object? Extreme(JinjaCall call, int sign)
    {
        var key = KeyOf(call, attributeAt: 1, caseSensitive: call.Flag(0));
        var items = call.Items;
        if (items.Count == 0)
            return JinjaValues.Undefined;
        var best = items[0];
        foreach (var item in items.Skip(1))
            if (Compare(call, key(item), key(best)) * sign > 0)
                best = item;
        return best;
    }

    private static object? Sum(JinjaCall call)
    {
        var attribute = call.Get(0);
        if (call.Get(1) is string)
            throw call.Fault("adds numbers and lists; 'join' joins texts");
        return call.Items.Aggregate(call.Get(1, 0L), (sum, item) =>
            JinjaOperators.Apply(
                call.Budget,
                call.Line,
                "+",
                sum,
                attribute is null ? item : JinjaAccess.Path(call.Budget, call.Line, item, attribute)
            )
        );
    }

    private static List<object?> Batch(JinjaCall call)
    {
        var size = call.WholeAt(0);
        if (size < 1)
            throw call.Fault("the size of a batch must be at least 1");
        var batches = new List<object?>();
        foreach (var chunk in call.Items.Chunk((int)Math.Min(size, int.MaxValue)))
            batches.Add(call.Get(1) is { } filler ? Filled(call, [.. chunk], size, filler) : chunk.ToList());
        return call.Made(batches);
    }

    private static List<object?> Filled(JinjaCall call, List<object?> items, long size, object filler)
    {
        call.Budget.SpendItems(call.Line, size);
        while (items.Count < size)
            items.Add(filler);
        return items;
    }

    private static List<object?> Slice(JinjaCall call)
    {
        var slices = call.WholeAt(0);
        if (slices < 1)
            throw call.Fault("the number of slices must be at least 1");
        call.Budget.SpendItems(call.Line, slices);
        var items = call.Items;
        var (each, larger) = Math.DivRem(items.Count, slices);
        var (made, at) = (new List<object?>(), 0);
        for (var i = 0L; i < slices; i++)
        {
            var count = (int)(each + (i < larger ? 1 : 0));
            var slice = items.GetRange(at, count);
            at += count;
            if (call.Get(1) is { } filler && i >= larger)
                slice.Add(filler);
            made.Add(slice);
        }
        return made;
    }

    private static List<object?> GroupBy(JinjaCall call)
    {
        var caseSensitive = call.Flag(2);
        object? Raw(object? item) => JinjaAccess.Path(call.Budget, call.Line, item, call.Get(0), call.Get(1));

        var sorted = Sorted(call, call.Items, item => Folded(Raw(item), caseSensitive), caseSensitive, reversed: false);
        var groups = new List<object?>();
        object? key = null;
        List<object?>? group = null;
        foreach (var item in sorted)
        {
            var own = Folded(Raw(item), caseSensitive);
            if (group is null || !JinjaValues.AreEqual(own, key))
            {
                (key, group) = (own, []);
                groups.Add(new JinjaTuple([Raw(item), group], "grouper", "list"));
            }
            group.Add(item);
        }
        return call.Made(groups);
    }

    private static List<object?> Map(JinjaCall call)
    {
        var arguments = call.Arguments;
        if (arguments.Positional.Count > 0)
        {
            var (name, rest) = (arguments.Text(0, "filter"), arguments.Rest());
            return call.Made(ItemsOrNone(call).Select(item => JinjaFilters.Apply(call.Budget, name, item, rest)));
        }
        if (!arguments.Named.TryGetValue("attribute", out var attribute))
            throw call.Fault("needs the name of a filter, or attribute=");
        if (arguments.Named.Keys.FirstOrDefault(name => name is not ("attribute" or "default")) is { } unknown)
            throw call.Fault($"has no argument '{unknown}'");
        arguments.Named.TryGetValue("default", out var fallback);
        return call.Made(ItemsOrNone(call).Select(item => JinjaAccess.Path(call.Budget, call.Line, item, attribute, fallback)));
    }

    private static List<object?> Select(JinjaCall call, bool wanted, bool byAttribute)
    {
        var arguments = call.Arguments;
        object? attribute = null;
        if (byAttribute)
        {
            attribute = arguments.Required(0, "attribute");
            arguments = arguments.Rest();
        }
        return call.Made(
            ItemsOrNone(call)
                .Where(item =>
                {
                    var value = byAttribute ? JinjaAccess.Path(call.Budget, call.Line, item, attribute) : item;
                    var passes =
                        arguments.Count == 0
                            ? JinjaValues.IsTrue(value)
                            : JinjaTests.Apply(call.Budget, arguments.Text(0, "test"), value, arguments.Rest());
                    return passes == wanted;
                })
        );
    }

    // Jinja's select and map take none, false and 0 as "no items".
    private static List<object?> ItemsOrNone(JinjaCall call) => JinjaValues.IsTrue(call.Target) ? call.Items : [];

    private static Func<object?, object?> KeyOf(JinjaCall call, int attributeAt, bool caseSensitive)
    {
        var attribute = call.Get(attributeAt);
        return item => Folded(attribute is null ? item : JinjaAccess.Path(call.Budget, call.Line, item, attribute), caseSensitive);
    }

    private static object? Folded(object? value, bool caseSensitive) =>
        value is string text && !caseSensitive ? text.ToLowerInvariant() : value;

    private static List<object?> Sorted(JinjaCall call, List<object?> items, Func<object?, object?> key, bool caseSensitive, bool reversed)
    {
        var comparer = Comparer<object?>.Create((a, b) => Compare(call, a, b));
        var keyed = items.Select(item => (Item: item, Key: Folded(key(item), caseSensitive))).ToList();
        call.Budget.SpendItems(call.Line, keyed.Count);
        // Stable both ways, as Python's: equal items keep their order.
        var sorted = reversed ? keyed.OrderByDescending(pair => pair.Key, comparer) : keyed.OrderBy(pair => pair.Key, comparer);
        try
        {
            return [.. sorted.Select(pair => pair.Item)];
        }
        catch (InvalidOperationException e) when (e.InnerException is InputException)
        {
            // Sorting wraps what the comparison throws.
            throw e.InnerException;
        }
    }

    private static int Compare(JinjaCall call, object? left, object? right)
    {
        call.Budget.Spend(call.Line);
        return JinjaValues.Order(left, right)
            ?? throw call.Fault($"cannot compare {JinjaOperators.NameOf(left)} and {JinjaOperators.NameOf(right)}");
    }
}
