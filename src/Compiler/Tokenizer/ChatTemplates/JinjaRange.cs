namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Python's range: a list that prints as its ends, equals no list and is no JSON.</summary>
/// <param name="start">First number.</param>
/// <param name="stop">The end, itself not in it.</param>
/// <param name="step">Step; not 0.</param>
/// <param name="items">The numbers.</param>
internal sealed class JinjaRange(long start, long stop, long step, IEnumerable<object?> items) : List<object?>(items)
{
    /// <summary>As Python prints it.</summary>
    public string Text =>
        step == 1 ? FormattableString.Invariant($"range({start}, {stop})") : FormattableString.Invariant($"range({start}, {stop}, {step})");
}
