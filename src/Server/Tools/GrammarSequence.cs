using TaalasSim.Runtime.Decode.Grammars;

namespace TaalasSim.Server.Tools;

/// <summary>Assembles what follows one after the other in a rule of a grammar.</summary>
internal sealed class GrammarSequence
{
    private const string Free = "space";
    private readonly List<string> _parts = [];

    /// <summary>Adds a part as it is.</summary>
    public GrammarSequence Add(string part)
    {
        _parts.Add(part);
        return this;
    }

    /// <summary>Adds a text.</summary>
    public GrammarSequence Literal(string text) => text.Length > 0 ? Add(JsonSchemaGrammar.Literal(text)) : this;

    /// <summary>Adds white space that may be there; once where it is added twice, and none at the start.</summary>
    public GrammarSequence Space() => _parts is [] or [.., Free] ? this : Add(Free);

    /// <summary>Adds a text; white space at its ends is free unless it is exact.</summary>
    public GrammarSequence Text(string text, bool isStartExact = false, bool isEndExact = false)
    {
        var core = text.Trim();
        Ends(text[..(text.Length - text.TrimStart().Length)], isStartExact);
        // A line's end stands for any white space.
        foreach (var (line, i) in core.Split('\n').Select((line, i) => (line, i)))
            (i == 0 ? this : Space()).Literal(line);
        return core.Length > 0 ? Ends(text[text.TrimEnd().Length..], isEndExact) : this;
    }

    private GrammarSequence Ends(string space, bool isExact) =>
        space.Length == 0 ? this
        : isExact ? Literal(space)
        : Space();

    /// <summary>The rule's text.</summary>
    public override string ToString() => string.Join(' ', _parts);
}
