using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>
/// A chat template: the part of Jinja that model files use, with the white-space rules of Hugging Face's renderer (trim_blocks and
/// lstrip_blocks on, one trailing newline dropped). Steps, nesting and output are bounded. Immutable, so threads may share one.
/// </summary>
public sealed class ChatTemplate
{
    /// <summary>Longest template accepted, in UTF-16 units.</summary>
    public const int LongestSource = 1 << 20;

    private readonly IReadOnlyList<Statement> _body;
    private readonly Lazy<ChatCapabilities> _capabilities;

    private ChatTemplate(string source, IReadOnlyList<Statement> body)
    {
        Source = source;
        _body = body;
        _capabilities = new(() => ChatCapabilities.Of(body));
    }

    /// <summary>The template's text.</summary>
    public string Source { get; }

    /// <summary>Whether contents may be text.</summary>
    public bool TakesText => Capabilities.TakesText;

    /// <summary>Whether contents may be lists of parts.</summary>
    public bool TakesParts => Capabilities.TakesParts;

    /// <summary>Whether it reads a system message.</summary>
    public bool TakesSystem => Capabilities.TakesSystem;

    internal ChatCapabilities Capabilities => _capabilities.Value;

    /// <exception cref="InputException">A syntax error or something outside the supported part of Jinja; names the line.</exception>
    public static ChatTemplate Parse(string source)
    {
        if (source.Length > LongestSource)
            throw new InputException($"chat template: {source.Length} characters, at most {LongestSource} are allowed");
        return new ChatTemplate(source, new JinjaParser(JinjaLexer.Read(source)).ParseTemplate());
    }

    /// <exception cref="InputException">The template refuses the input, uses an undefined value or exceeds a bound; names the
    /// line.</exception>
    public string Render(ChatTemplateInput input)
    {
        var variables = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["messages"] = input.Messages.Select(MessageValue).ToList(),
            ["bos_token"] = input.BosToken,
            ["eos_token"] = input.EosToken,
        };
        if (input.AddGenerationPrompt)
            variables["add_generation_prompt"] = true;
        foreach (var (name, value) in input.Variables)
            variables[name] = JinjaValues.FromJson(value);
        return new JinjaInterpreter(variables, input.Now).Run(_body);
    }

    private static object? MessageValue(ChatMessage message)
    {
        var value = new JinjaMap { ["role"] = message.Role, ["content"] = ContentValue(message) };
        foreach (var (name, field) in message.Fields)
            value[name] = JinjaValues.FromJson(field);
        return value;
    }

    private static object? ContentValue(ChatMessage message) =>
        message.AsParts
            ? new List<object?>
            {
                new JinjaMap { ["type"] = "text", ["text"] = message.Content },
            }
            : message.Content;
}
