namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>
/// Watches what a template does with one text: whether it reads it, and whether it takes it for a list. This is how llama.cpp finds out
/// which conversations a template understands (its <c>common/jinja/caps.cpp</c>).
/// </summary>
internal sealed class JinjaProbe
{
    /// <param name="text">What the watched text says.</param>
    public JinjaProbe(string text) => Marker = new string(text.AsSpan());

    /// <summary>The watched text; the same object, not an equal one, is meant.</summary>
    public string Marker { get; }

    /// <summary>Whether the template has read the text.</summary>
    public bool Used { get; private set; }

    /// <summary>Whether the template has gone through the text, asked for an item or filtered its items.</summary>
    public bool UsedAsList { get; private set; }

    /// <summary>Whether a loop has gone through the text.</summary>
    public bool Iterated { get; private set; }

    public void Saw(object? value) => Used |= IsMarker(value);

    public void SawLoop(object? items)
    {
        Iterated |= IsMarker(items);
        UsedAsList |= IsMarker(items);
    }

    public void SawItem(object? target, object? key) => UsedAsList |= IsMarker(target) && key is long;

    public void SawFilter(string name, object? input)
    {
        UsedAsList |= name == "selectattr" && IsMarker(input);
        Used |= name == "tojson" && Holds(input);
    }

    private bool IsMarker(object? value) => ReferenceEquals(value, Marker);

    private bool Holds(object? value) =>
        value switch
        {
            List<object?> list => list.Exists(Holds),
            JinjaMap map => map.Values.Any(Holds),
            _ => IsMarker(value),
        };
}
