using System.Globalization;
using System.Text;
using System.Text.Json;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>From a conversation to the tokens of a prompt, as llama.cpp's chat programs do it (its <c>common/chat.cpp</c>).</summary>
public static class ChatPrompt
{
    /// <summary>The ChatML template, which llama.cpp uses for models without a template.</summary>
    public const string ChatMl = """
        {%- for message in messages -%}
          {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' -}}
        {%- endfor -%}
        {%- if add_generation_prompt -%}
          {{- '<|im_start|>assistant\n' -}}
        {%- endif -%}
        """;

    // Conditions that llama.cpp takes out of templates of gpt-oss and Mistral, since they refuse conversations that are fine.
    private static readonly (string Sign, string Part, string Condition)[] Patches =
    [
        (
            "<|channel|>",
            "in message.content or",
            "{%- if \"<|channel|>analysis<|message|>\" in message.content or \"<|channel|>final<|message|>\" in message.content %}"
        ),
        (
            "[TOOL_CALLS]",
            "if (message['content'] is none or",
            "{%- if (message['content'] is none or message['content'] == '' or message['content']|length == 0) and "
                + "(message['tool_calls'] is not defined or message['tool_calls'] is none or message['tool_calls']|length == 0) %}"
        ),
    ];

    /// <summary>Reads a template with llama.cpp's corrections for templates of gpt-oss and Mistral.</summary>
    /// <exception cref="InputException">A syntax error; names the line.</exception>
    public static ChatTemplate Parse(string source)
    {
        foreach (var (sign, part, condition) in Patches)
            if (source.Contains(sign, StringComparison.Ordinal) && source.Contains(part, StringComparison.Ordinal))
                source = source.Replace(condition, "{%- if false %}", StringComparison.Ordinal);
        return ChatTemplate.Parse(source);
    }

    /// <summary>The conversation in the template's words, with the opening of the assistant's answer at its end.</summary>
    /// <param name="tokenizer">The model's tokenizer; names the BOS and EOS tokens.</param>
    /// <param name="template">The model's template or one in its place.</param>
    /// <param name="messages">The conversation, oldest message first.</param>
    /// <param name="now">The time that the template may tell.</param>
    /// <exception cref="InputException">The template refuses the conversation or fails; names the line.</exception>
    public static string Render(TextTokenizer tokenizer, ChatTemplate template, IReadOnlyList<ChatMessage> messages, DateTime now) =>
        Render(tokenizer, template, messages, now, addGenerationPrompt: true, new Dictionary<string, JsonElement>(StringComparer.Ordinal));

    /// <summary>The conversation in the template's words.</summary>
    /// <param name="tokenizer">The model's tokenizer; names the BOS and EOS tokens.</param>
    /// <param name="template">The model's template or one in its place.</param>
    /// <param name="messages">The conversation, oldest message first.</param>
    /// <param name="now">The time that the template may tell.</param>
    /// <param name="addGenerationPrompt">Whether the prompt ends with the opening of the assistant's answer.</param>
    /// <param name="variables">Further variables, such as <c>tools</c>; they win over those that every template gets.</param>
    /// <exception cref="InputException">The template refuses the conversation or fails; names the line.</exception>
    public static string Render(
        TextTokenizer tokenizer,
        ChatTemplate template,
        IReadOnlyList<ChatMessage> messages,
        DateTime now,
        bool addGenerationPrompt,
        IReadOnlyDictionary<string, JsonElement> variables
    )
    {
        var all = Variables(now);
        // FireFunction joins its list of functions to a text, whether there is one or not.
        if (template.Source.Contains("Available functions as JSON spec:", StringComparison.Ordinal))
            all["functions"] = Text(variables.TryGetValue("tools", out var tools) ? tools.GetRawText() : "");
        foreach (var (name, value) in variables)
            all[name] = value;
        return template.Render(
            new ChatTemplateInput
            {
                Messages = Adapt(template, messages),
                AddGenerationPrompt = addGenerationPrompt,
                BosToken = TextOf(tokenizer, tokenizer.BosId),
                EosToken = TextOf(tokenizer, tokenizer.EosId),
                Now = now,
                Variables = all,
            }
        );
    }

    /// <summary>
    /// Ids of a rendered prompt, control tokens read as such. A BOS at its start or an EOS at its end that the tokenizer adds anyway is
    /// left to the tokenizer, so that neither appears twice.
    /// </summary>
    public static int[] Encode(TextTokenizer tokenizer, string prompt)
    {
        var (start, end) = (0, prompt.Length);
        var (bos, eos) = (TextOf(tokenizer, tokenizer.BosId), TextOf(tokenizer, tokenizer.EosId));
        if (tokenizer.AddsBos && prompt.StartsWith(bos, StringComparison.Ordinal))
            start = bos.Length;
        if (tokenizer.AddsEos && prompt.AsSpan(start).EndsWith(eos, StringComparison.Ordinal))
            end -= eos.Length;
        return tokenizer.Encode(prompt[start..end], addSpecial: true, parseSpecial: true);
    }

    // What llama.cpp tells every template: reasoning is on unless asked otherwise, and the day.
    private static Dictionary<string, JsonElement> Variables(DateTime now) =>
        new(StringComparer.Ordinal)
        {
            ["enable_thinking"] = JsonElement.Parse("true"),
            ["date_string"] = Text(now.ToString("dd MMM yyyy", CultureInfo.InvariantCulture)),
            ["datetime"] = Text(now.ToString("MMM dd yyyy", CultureInfo.InvariantCulture)),
        };

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text);

    /// <summary>Puts a conversation into the form that a template understands.</summary>
    internal static IReadOnlyList<ChatMessage> Adapt(ChatTemplate template, IReadOnlyList<ChatMessage> messages)
    {
        bool Has(string part) => template.Source.Contains(part, StringComparison.Ordinal);
        var can = template.Capabilities;
        IEnumerable<ChatMessage> adapted = messages;
        if (Has("You have access to the following functions in JSONSchema format"))
            adapted = adapted.Select(message => message with { Content = message.Content.Trim(" \t\n\r\v\f".ToCharArray()) });
        if (can.TakesParts && !can.TakesText)
            adapted = adapted.Select(message => message with { AsParts = true });
        if (!Has("<|channel|>"))
            adapted = adapted.Select(message => message.Role == "developer" ? message with { Role = "system" } : message);
        var list = adapted.ToList();
        if (!can.TakesSystem && list is [{ Role: "system" } system, ..])
        {
            if (list.Count > 1)
                list[1] = list[1] with { Content = system.Content + "\n" + list[1].Content };
            list.RemoveAt(0);
        }
        // Ministral 3 reads system and assistant messages as lists of parts.
        if (Has("[SYSTEM_PROMPT]") && Has("[TOOL_CALLS]") && Has("[ARGS]") && !Has("[CALL_ID]"))
            list = list.ConvertAll(message => message.Role is "system" or "assistant" ? message with { AsParts = true } : message);
        return list;
    }

    private static string TextOf(TextTokenizer tokenizer, int id) => id < 0 ? "" : Encoding.UTF8.GetString(tokenizer.Piece(id));
}
