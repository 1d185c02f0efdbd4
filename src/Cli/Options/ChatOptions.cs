using System.CommandLine;
using System.Text;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Compiler.Tokenizer.ChatTemplates;

namespace TaalasSim.Cli.Options;

/// <summary>Options that put the prompt into a chat template, as one user message.</summary>
internal sealed class ChatOptions
{
    private const string OwnTemplate = "default";
    private const string ToolTemplate = "tool_use";
    private const string ChatMlTemplate = "chatml";

    private readonly Option<bool> _chat = new("--chat")
    {
        Description =
            "Put the prompt into the model's chat template, as one user message; ChatML for a model without one. Without a prompt, on a "
            + "terminal: a conversation of several turns. Example: ./taalas run llama.chip --chat -p 'Who are you?'",
    };
    private readonly Option<string?> _system = new("--system")
    {
        Description = "With --chat: a system message in front.",
        HelpName = "TEXT",
    };
    private readonly Option<string?> _template = new("--chat-template")
    {
        Description = "Another template: the name of one in the model (such as tool_use), chatml, or a Jinja file; implies --chat.",
        HelpName = "NAME|FILE",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_chat);
        command.Options.Add(_system);
        command.Options.Add(_template);
    }

    /// <summary>Whether the prompt goes into a template.</summary>
    /// <exception cref="InputException">A system message, but no template to put it into.</exception>
    public bool Wanted(ParseResult parsed) =>
        parsed.GetValue(_chat)
        || parsed.GetValue(_template) is not null
        || (parsed.GetValue(_system) is null ? false : throw new InputException("--system needs --chat"));

    /// <summary>Messages before the first of the user.</summary>
    public IReadOnlyList<ChatMessage> Opening(ParseResult parsed) =>
        parsed.GetValue(_system) is { } system ? [new("system", PromptText.Argument("--system", system))] : [];

    /// <summary>The prompt in the template's words, as one user message.</summary>
    /// <exception cref="InputException">No template, or it cannot be read, fails, or refuses the conversation.</exception>
    public string Render(ParseResult parsed, string prompt, TextTokenizer tokenizer) =>
        Render(parsed, [.. Opening(parsed), new("user", prompt)], tokenizer);

    /// <summary>A conversation in the template's words.</summary>
    /// <exception cref="InputException">No template, or it cannot be read, fails, or refuses the conversation.</exception>
    public string Render(ParseResult parsed, IReadOnlyList<ChatMessage> messages, TextTokenizer tokenizer)
    {
        var choice = parsed.GetValue(_template);
        var source = choice is null ? Own(tokenizer) : Named(tokenizer, choice) ?? FromFile(tokenizer, choice);
        try
        {
            return ChatPrompt.Render(tokenizer, ChatPrompt.Parse(source), messages, DateTime.Now);
        }
        catch (InputException e) when (choice is not null)
        {
            throw new InputException($"{choice}: {e.Message}", e);
        }
    }

    private static string Own(TextTokenizer tokenizer) =>
        Named(tokenizer, OwnTemplate) ?? Named(tokenizer, ToolTemplate) ?? ChatPrompt.ChatMl;

    private static string? Named(TextTokenizer tokenizer, string name) =>
        tokenizer.NamedChatTemplates.TryGetValue(name, out var template) ? template
        : name == OwnTemplate && !string.IsNullOrEmpty(tokenizer.ChatTemplate) ? tokenizer.ChatTemplate
        : name == ChatMlTemplate ? ChatPrompt.ChatMl
        : null;

    private static string FromFile(TextTokenizer tokenizer, string path)
    {
        if (!File.Exists(path))
            throw new InputException($"--chat-template {path}: no such file, and no template of the model{Names(tokenizer, "; it has ")}");
        try
        {
            using var reader = new StreamReader(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
            var text = new char[ChatTemplate.LongestSource + 1];
            return new string(text, 0, reader.ReadBlock(text));
        }
        catch (DecoderFallbackException e)
        {
            throw new InputException($"--chat-template {path}: not UTF-8 text; give a Jinja template", e);
        }
    }

    private static string Names(TextTokenizer tokenizer, string introduction)
    {
        var names = tokenizer
            .NamedChatTemplates.Keys.Concat(string.IsNullOrEmpty(tokenizer.ChatTemplate) ? [] : [OwnTemplate])
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToList();
        return names.Count == 0 ? "" : introduction + string.Join(", ", names);
    }
}
