namespace TaalasSim.Server.Tools;

/// <summary>
/// How a family of models writes calls: <c>ListOpen Call (Separator Call)* ListClose</c>, where a call is
/// <c>Open {"name": …, Key: …} Close</c>, or <c>Open name AfterName arguments Close</c>. White space between the parts is free.
/// Which family a model belongs to shows in its chat template, which writes earlier calls of a conversation in the same way.
/// </summary>
public sealed record ToolSyntax
{
    private static readonly ToolSyntax Hermes = new()
    {
        Name = "hermes",
        Open = "<tool_call>",
        Close = "</tool_call>",
    };

    private static readonly ToolSyntax Mistral = new()
    {
        Name = "mistral",
        ListOpen = "[TOOL_CALLS][",
        Separator = ",",
        ListClose = "]",
    };

    private static readonly ToolSyntax DeepSeek = new()
    {
        Name = "deepseek",
        ListOpen = "<｜tool▁calls▁begin｜>",
        Open = "<｜tool▁call▁begin｜>function<｜tool▁sep｜>",
        AfterName = "\n```json\n",
        Close = "```<｜tool▁call▁end｜>",
        ListClose = "<｜tool▁calls▁end｜>",
        Style = ArgumentStyle.Object,
    };

    private static readonly ToolSyntax Coder = new()
    {
        Name = "coder",
        Open = "<tool_call>\n<function=",
        AfterName = ">",
        Close = "</function>\n</tool_call>",
        Style = ArgumentStyle.Tags,
    };

    private static readonly ToolSyntax Functionary = new()
    {
        Name = "functionary",
        Open = "<function=",
        AfterName = ">",
        Close = "</function>",
        Style = ArgumentStyle.Object,
    };

    /// <summary>Name of the family.</summary>
    public required string Name { get; init; }

    /// <summary>Text before the first call.</summary>
    public string ListOpen { get; init; } = "";

    /// <summary>Text between two calls.</summary>
    public string Separator { get; init; } = "";

    /// <summary>Text after the last call.</summary>
    public string ListClose { get; init; } = "";

    /// <summary>Text before a call.</summary>
    public string Open { get; init; } = "";

    /// <summary>Text between name and arguments, where they are not members of one object.</summary>
    public string AfterName { get; init; } = "";

    /// <summary>Text after a call.</summary>
    public string Close { get; init; } = "";

    /// <summary>How arguments are written.</summary>
    public ArgumentStyle Style { get; init; }

    /// <summary>Member of the object that holds the arguments.</summary>
    public string Key { get; init; } = "arguments";

    /// <summary>Text that begins the calls of an answer; empty when they begin with a bare JSON object, and then they are the whole
    /// answer.</summary>
    public string Marker => ListOpen.Length > 0 ? ListOpen : Open;

    /// <summary>Whether an answer can hold several calls.</summary>
    public bool CanRepeat => Marker.Length > 0;

    /// <summary>The syntax of the model that has a chat template.</summary>
    public static ToolSyntax Of(string template)
    {
        bool Has(string text) => template.Contains(text, StringComparison.Ordinal);
        if (Has("<tool_call>") && Has("<function=") && Has("<parameter="))
            return Coder;
        if (Has("<tool_call>"))
            return Hermes;
        if (Has("[TOOL_CALLS]"))
            return Mistral;
        if (Has("<｜tool▁calls▁begin｜>"))
            return DeepSeek;
        if (Has("<function="))
            return Functionary;
        return new ToolSyntax { Name = "json", Key = Has("\"parameters\"") ? "parameters" : "arguments" };
    }
}
