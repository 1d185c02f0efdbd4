using System.Text.Json;
using TaalasSim.Runtime.Decode;
using TaalasSim.Server.Answers;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Tools;

namespace TaalasSim.Server.Tests.Tools;

/// <summary>An answer as it comes, in pieces, of a model whose chat template has some texts in it; the tool is <c>weather</c>.</summary>
internal static class ChatPieces
{
    /// <summary>The tool's arguments: a text that is required, a number that is not.</summary>
    public static readonly JsonElement Schema = JsonElement.Parse(
        """{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},"required":["city"]}"""
    );

    /// <summary>Reads an answer in pieces.</summary>
    /// <param name="template">What the chat template has in it.</param>
    /// <param name="text">The answer.</param>
    /// <param name="piece">Characters of each piece.</param>
    /// <param name="prompt">What the template wrote to open the answer.</param>
    /// <param name="splits">Whether reasoning is told apart.</param>
    /// <param name="schema">Arguments of the tool; null for <see cref="Schema"/>.</param>
    public static (string Content, string Reasoning, IReadOnlyList<ToolCall> Calls) Read(
        string template,
        string text,
        int piece,
        string prompt = "",
        bool splits = true,
        JsonElement? schema = null
    )
    {
        var syntax = ToolSyntax.Of(template);
        var settings = new CompletionSettings
        {
            Sampler = new SamplerChainSettings(),
            Predict = -1,
            GenerationPrompt = prompt,
            ReasoningFormat = splits ? "deepseek" : "none",
            Reasoning = ReasoningSyntax.Of(template),
            IsHarmony = syntax.IsHarmony,
            Tools = new ToolUse
            {
                Syntax = syntax,
                Tools = [new Tool("weather", schema ?? Schema), new Tool("weather_now", schema ?? Schema)],
                IsRequired = false,
                AllowsSeveral = true,
            },
        };
        var chat = new ChatText(settings);
        var (content, reasoning) = ("", "");
        var calls = new List<ToolCall>();
        void Take(ChatDelta delta)
        {
            content += delta.Content;
            reasoning += delta.Reasoning;
            calls.AddRange(delta.Calls);
        }
        for (var at = 0; at < text.Length; at += piece)
            Take(chat.Push(text.Substring(at, Math.Min(piece, text.Length - at)), isLast: false));
        Take(chat.Push("", isLast: true));
        return (content, reasoning, calls);
    }
}
