namespace TaalasSim.Server.Tools;

/// <summary>
/// How a family of models writes calls: <c>ListOpen Call (Separator Call)* ListClose</c>. White space between the parts is free.
/// Which family a model belongs to shows in its chat template, which writes earlier calls of a conversation in the same way.
/// </summary>
public sealed record ToolSyntax
{
    private readonly string _call = "$call";

    /// <summary>Name of the family.</summary>
    public required string Name { get; init; }

    /// <summary>Texts that a template of the family has, all of them.</summary>
    public IReadOnlyList<string> Signs { get; init; } = [];

    /// <summary>Text before the first call.</summary>
    public string ListOpen { get; init; } = "";

    /// <summary>Text between two calls.</summary>
    public string Separator { get; init; } = "";

    /// <summary>Text after the last call.</summary>
    public string ListClose { get; init; } = "";

    /// <summary>One call, with <c>$name</c>, <c>$id</c>, <c>$index</c> and <c>$arguments</c>, or <c>$call</c>.</summary>
    public string Call
    {
        get => _call;
        init => (_call, Parts) = (value, ToolPart.Parse(value));
    }

    /// <summary>Parts of one call.</summary>
    public IReadOnlyList<ToolPart> Parts { get; private init; } = ToolPart.Parse("$call");

    /// <summary>How arguments are written; null for a JSON object.</summary>
    public ArgumentSyntax? Arguments { get; init; }

    /// <summary>Member of the call's object that holds the tool's name.</summary>
    public string NameKey { get; init; } = "name";

    /// <summary>Member of the call's object that holds the arguments.</summary>
    public string Key { get; init; } = "arguments";

    /// <summary>Member before those that holds the call's number as text; empty for none.</summary>
    public string IndexKey { get; init; } = "";

    /// <summary>Member after those that holds the call's name; empty for none.</summary>
    public string IdKey { get; init; } = "";

    /// <summary>Letters and digits of a call's name that the server chooses.</summary>
    public int IdLength { get; init; } = 32;

    /// <summary>Whether an answer is messages with headers (gpt-oss), of which a call is one.</summary>
    public bool IsHarmony { get; init; }

    /// <summary>Text that begins the calls of an answer; empty when they begin with a bare JSON object, and then they are the whole
    /// answer.</summary>
    public string Marker =>
        ListOpen.Length > 0 ? ListOpen
        : Parts[0].Kind == ToolPartKind.Literal ? Parts[0].Text
        : "";

    /// <summary>Whether an answer can hold several calls.</summary>
    public bool CanRepeat => Marker.Length > 0 && !IsHarmony;

    /// <summary>All texts that stand around a call and its arguments.</summary>
    public IEnumerable<string> Marks =>
        new[] { ListOpen, ListClose }
            .Concat(Parts.Concat(Arguments?.Parts ?? []).Where(part => part.Kind == ToolPartKind.Literal).Select(part => part.Text))
            .Where(text => text.Length > 0);

    /// <summary>The syntax of the model that has a chat template.</summary>
    public static ToolSyntax Of(string template) =>
        ToolSyntaxes.All.FirstOrDefault(syntax => syntax.Signs.All(sign => template.Contains(sign, StringComparison.Ordinal)))
        ?? (template.Contains("\"parameters\"", StringComparison.Ordinal) ? ToolSyntaxes.Parameters : ToolSyntaxes.Json);
}
