namespace TaalasSim.Server.Tools;

/// <summary>What a model writes around its reasoning and around the rest of an answer.</summary>
/// <param name="Open">Text before the reasoning.</param>
/// <param name="Close">Text after it.</param>
/// <param name="ContentOpen">Text before the rest; empty for none.</param>
/// <param name="ContentClose">Text after the rest; empty for none.</param>
public sealed record ReasoningSyntax(string Open, string Close, string ContentOpen = "", string ContentClose = "")
{
    /// <summary>The form of most models.</summary>
    public static readonly ReasoningSyntax Think = new("<think>", "</think>");

    private static readonly ReasoningSyntax[] Others =
    [
        new("<|channel|>analysis<|message|>", "<|end|>"),
        new("<seed:think>", "</seed:think>"),
        new("[THINK]", "[/THINK]"),
        new("<|START_THINKING|>", "<|END_THINKING|>", "<|START_RESPONSE|>", "<|END_RESPONSE|>"),
    ];

    /// <summary>All texts.</summary>
    public IEnumerable<string> Marks => new[] { Open, Close, ContentOpen, ContentClose }.Where(text => text.Length > 0);

    /// <summary>The form of the model that has a chat template.</summary>
    public static ReasoningSyntax Of(string template)
    {
        var found = Others.FirstOrDefault(form => template.Contains(Head(form.Open), StringComparison.Ordinal)) ?? Think;
        return found.ContentOpen.Length > 0 && template.Contains("<|START_TEXT|>", StringComparison.Ordinal)
            ? found with
            {
                ContentOpen = "<|START_TEXT|>",
                ContentClose = "<|END_TEXT|>",
            }
            : found;
    }

    // A template may write what follows the first tag from a variable.
    private static string Head(string open) => open.StartsWith("<|channel|>", StringComparison.Ordinal) ? "<|channel|>" : open;
}
