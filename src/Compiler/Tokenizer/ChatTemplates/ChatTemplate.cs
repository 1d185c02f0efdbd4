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

    private ChatTemplate(IReadOnlyList<Statement> body) => _body = body;

    /// <exception cref="InputException">A syntax error or something outside the supported part of Jinja; names the line.</exception>
    public static ChatTemplate Parse(string source)
    {
        if (source.Length > LongestSource)
            throw new InputException($"chat template: {source.Length} characters, at most {LongestSource} are allowed");
        return new ChatTemplate(new JinjaParser(JinjaLexer.Read(source)).ParseTemplate());
    }

    /// <exception cref="InputException">The template refuses the input, uses an undefined value or exceeds a bound; names the
    /// line.</exception>
    public string Render(ChatTemplateInput input)
    {
        var variables = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["messages"] = input.Messages.Select(MessageValue).ToList(),
            ["add_generation_prompt"] = input.AddGenerationPrompt,
            ["bos_token"] = input.BosToken,
            ["eos_token"] = input.EosToken,
        };
        foreach (var (name, value) in input.Variables)
            variables[name] = JinjaValues.FromJson(value);
        return new JinjaInterpreter(variables, input.Now).Run(_body);
    }

    private static object? MessageValue(ChatMessage message) =>
        new OrderedDictionary<string, object?>(StringComparer.Ordinal) { ["role"] = message.Role, ["content"] = message.Content };
}
