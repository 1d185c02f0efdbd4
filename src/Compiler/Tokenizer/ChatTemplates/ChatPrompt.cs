using System.Text;
using System.Text.Json;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>From a conversation to the tokens of a prompt, as llama.cpp's chat programs do it (its <c>common/chat.cpp</c>).</summary>
public static class ChatPrompt
{
    // Templates that can switch reasoning on are told to, as llama.cpp tells them unless asked otherwise.
    private static readonly Dictionary<string, JsonElement> Variables = new(StringComparer.Ordinal)
    {
        ["enable_thinking"] = JsonElement.Parse("true"),
    };

    /// <summary>The conversation in the template's words, with the opening of the assistant's answer at its end.</summary>
    /// <param name="tokenizer">The model's tokenizer; names the BOS and EOS tokens.</param>
    /// <param name="template">The model's template or one in its place.</param>
    /// <param name="messages">The conversation, oldest message first.</param>
    /// <param name="now">The time that the template may tell.</param>
    /// <exception cref="InputException">The template refuses the conversation or fails; names the line.</exception>
    public static string Render(TextTokenizer tokenizer, ChatTemplate template, IReadOnlyList<ChatMessage> messages, DateTime now) =>
        template.Render(
            new ChatTemplateInput
            {
                Messages = messages,
                AddGenerationPrompt = true,
                BosToken = TextOf(tokenizer, tokenizer.BosId),
                EosToken = TextOf(tokenizer, tokenizer.EosId),
                Now = now,
                Variables = Variables,
            }
        );

    /// <summary>
    /// Ids of a rendered prompt, control tokens read as such. A BOS at its start or an EOS at its end that the tokenizer adds anyway is
    /// left to the tokenizer, so that neither stands twice.
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

    private static string TextOf(TextTokenizer tokenizer, int id) => id < 0 ? "" : Encoding.UTF8.GetString(tokenizer.Piece(id));
}
