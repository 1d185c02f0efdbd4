namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>The variable <c>loop</c> within a loop.</summary>
/// <param name="items">What the loop goes through.</param>
/// <param name="depth">How many loops of the same tag are around it.</param>
/// <param name="recurse">Runs the loop on further items, in a recursive loop.</param>
internal sealed class JinjaLoop(List<object?> items, int depth, JinjaFunction? recurse)
{
    private IReadOnlyList<object?>? _last;

    /// <summary>Place of the present item, from 0.</summary>
    public int At { get; set; }

    public JinjaFunction? Recurse { get; } = recurse;

    public object? Member(int line, string name) =>
        name switch
        {
            "index" => At + 1L,
            "index0" => (long)At,
            "revindex" => (long)items.Count - At,
            "revindex0" => items.Count - At - 1L,
            "first" => At == 0,
            "last" => At == items.Count - 1,
            "length" => (long)items.Count,
            "depth" => depth + 1L,
            "depth0" => (long)depth,
            "previtem" => At > 0 ? items[At - 1] : JinjaValues.Undefined,
            "nextitem" => At + 1 < items.Count ? items[At + 1] : JinjaValues.Undefined,
            "cycle" => (JinjaFunction)Cycle,
            "changed" => (JinjaFunction)Changed,
            _ => JinjaValues.Undefined,
        };

    private object? Cycle(JinjaArguments arguments) =>
        arguments.Count > 0 ? arguments.Positional[At % arguments.Count] : throw JinjaFault.At(arguments.Line, "loop.cycle needs values");

    private object? Changed(JinjaArguments arguments)
    {
        var before = _last;
        _last = arguments.Positional;
        return before is null || !JinjaValues.AreEqual(new JinjaTuple(before), new JinjaTuple(_last));
    }
}
