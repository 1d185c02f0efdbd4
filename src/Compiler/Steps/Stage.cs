namespace TaalasSim.Compiler.Steps;

/// <summary>What one step of the compiler hands to the next; it does not change afterwards.</summary>
public abstract record Stage
{
    /// <summary>Writes the stage as text, one item a line, so that it can be saved and two stages can be compared.</summary>
    public abstract void WriteText(TextWriter text);

    /// <summary>The stage as text.</summary>
    public string ToText()
    {
        using var text = new StringWriter(System.Globalization.CultureInfo.InvariantCulture) { NewLine = "\n" };
        WriteText(text);
        return text.ToString();
    }
}
