using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Which conversations a template understands, found by rendering small ones (llama.cpp's <c>common/jinja/caps.cpp</c>).</summary>
/// <param name="TakesText">Whether contents may be text.</param>
/// <param name="TakesParts">Whether contents may be lists of parts.</param>
/// <param name="TakesSystem">Whether it reads a system message.</param>
internal sealed record ChatCapabilities(bool TakesText, bool TakesParts, bool TakesSystem)
{
    public static ChatCapabilities Of(IReadOnlyList<Statement> template)
    {
        var user = new JinjaProbe("STRING_MARKER");
        var output = Render(template, user, Message("user", user.Marker));
        // llama.cpp has no loop over the characters of a text, so a loop says that a list is wanted.
        var takesText =
            output is not null && !user.Iterated && !(user.UsedAsList && !output.Contains(user.Marker, StringComparison.Ordinal));
        var system = new JinjaProbe("System message");
        Render(template, system, Message("system", system.Marker), Message("user", "User message"));
        return new ChatCapabilities(takesText, user.UsedAsList, system.Used);
    }

    private static JinjaMap Message(string role, string content) => new() { ["role"] = role, ["content"] = content };

    // The output; null where the template refuses.
    private static string? Render(IReadOnlyList<Statement> template, JinjaProbe probe, params List<object?> messages)
    {
        var variables = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["messages"] = messages,
            ["tools"] = new List<object?>(),
            ["bos_token"] = "",
            ["eos_token"] = "",
            ["add_generation_prompt"] = true,
        };
        try
        {
            return new JinjaInterpreter(variables, DateTime.UnixEpoch, probe).Run(template);
        }
        catch (InputException)
        {
            return null;
        }
    }
}
