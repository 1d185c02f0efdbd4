using NUnit.Framework;
using TaalasSim.Server.Tests.Tools;

namespace TaalasSim.Server.Tests.Answers;

/// <summary>Reasoning and content are told apart as each family writes them, however the text is cut into pieces. The texts are those of
/// llama.cpp's own tests of chat parsers, the expected parts theirs.</summary>
[Category("Smoke")]
public class ChatTextTests
{
    private const string Think = "",
        Seed = "<seed:think>",
        Cohere = "<|START_THINKING|><|START_ACTION|>",
        North = "<|START_THINKING|><|START_TEXT|><|START_ACTION|>",
        Mistral = "[THINK][TOOL_CALLS][ARGS]",
        Harmony = "<|channel|>";

    [TestCase(Think, "", "<think>I'm\nthinking</think>Hello, world!\nWhat's up?")]
    [TestCase(Think, "<think>\n", "I'm\nthinking\n</think>\n\nHello, world!\nWhat's up?")]
    [TestCase(Seed, "", "<seed:think>I'm\nthinking</seed:think>\nHello, world!\nWhat's up?")]
    [TestCase(Mistral, "", "[THINK]I'm\nthinking[/THINK]Hello, world!\nWhat's up?")]
    [TestCase(Cohere, "", "<|START_THINKING|>I'm\nthinking<|END_THINKING|><|START_RESPONSE|>Hello, world!\nWhat's up?<|END_RESPONSE|>")]
    [TestCase(North, "<|START_THINKING|>", "I'm\nthinking<|END_THINKING|><|START_TEXT|>Hello, world!\nWhat's up?<|END_TEXT|>")]
    [TestCase(
        Harmony,
        "",
        "<|channel|>analysis<|message|>I'm\nthinking<|end|><|start|>assistant<|channel|>final<|message|>Hello, world!\nWhat's up?"
    )]
    [TestCase(
        Harmony,
        "",
        "<|channel|>commentary to=assistant<|channel|>analysis<|message|>I'm\nthinking<|end|>"
            + "<|start|>assistant<|channel|>final<|message|>Hello, world!\nWhat's up?"
    )]
    [TestCase(
        Harmony,
        "",
        "<|channel|>analysis<|message|>I'm\nthinking<|end|>"
            + "<|start|>assistant<|channel|>commentary to=assistant<|channel|>final<|message|>Hello, world!\nWhat's up?"
    )]
    public void Reasoning_and_content_are_told_apart(string template, string prompt, string text) =>
        InPieces(template, text, prompt, "I'm\nthinking", "Hello, world!\nWhat's up?");

    [TestCase(Think, "Hello, world!\nWhat's up?")]
    [TestCase(Cohere, "<|START_RESPONSE|>Hello, world!\nWhat's up?<|END_RESPONSE|>")]
    [TestCase(Harmony, "<|channel|>final<|message|>Hello, world!\nWhat's up?")]
    [TestCase(Harmony, "<|channel|>commentary<|message|>Hello, world!\nWhat's up?")]
    [TestCase(Harmony, "Hello, world!\nWhat's up?")]
    public void Content_alone_is_content(string template, string text) => InPieces(template, text, "", "", "Hello, world!\nWhat's up?");

    [TestCase("<|start|>assistant to=container.exec<|channel|>commentary<|message|>python3 -c 'print(\"hello\")'")]
    [TestCase("<|start|>assistant<|channel|>commentary to=python <|constrain|>code<|message|>print(\"hello\")")]
    public void A_message_to_a_tool_that_nobody_offered_is_dropped(string message) =>
        InPieces(Harmony, "<|channel|>analysis<|message|>I will<|end|>" + message, "", "I will", "");

    [TestCase(" to=functions.weather<|channel|>analysis<|message|>{\"city\": \"Ulm\"}")]
    [TestCase("<|channel|>analysis to=functions.weather<|message|>{\"city\": \"Ulm\"}")]
    [TestCase(" to=functions.weather<|channel|>analysis <|constrain|>json<|message|>{\"city\": \"Ulm\"}")]
    [TestCase("<|channel|>commentary to=functions.weather<|message|>{\"city\": \"Ulm\"}")]
    [TestCase(
        "<|channel|>analysis<|message|>Thinking<|end|>"
            + "<|start|>assistant to=functions.weather<|channel|>analysis<|message|>{\"city\": \"Ulm\"}"
    )]
    [TestCase(
        "<|channel|>analysis<|message|>Thinking<|end|><|start|>assistant<|channel|>commentary to=functions.weather <|constrain|>json"
            + "<|message|>{\"city\": \"Ulm\"}"
    )]
    public void A_message_to_a_tool_is_a_call(string text)
    {
        foreach (var piece in new[] { 1, 5, 1000 })
        {
            var (content, reasoning, calls) = ChatPieces.Read(Harmony, text, piece);
            Assert.That(calls.Select(c => (c.Name, c.Arguments)), Is.EqualTo(new[] { ("weather", "{\"city\": \"Ulm\"}") }));
            Assert.That(content, Is.Empty);
            Assert.That(reasoning, Is.EqualTo(text.Contains("Thinking", StringComparison.Ordinal) ? "Thinking" : ""));
        }
    }

    [Test]
    public void Without_a_place_of_its_own_reasoning_stays_in_the_content()
    {
        var text = "<|channel|>analysis<|message|>I'm\nthinking<|end|><|start|>assistant<|channel|>final<|message|>Hello";
        var (content, reasoning, _) = ChatPieces.Read(Harmony, text, 1, splits: false);
        Assert.That((content, reasoning), Is.EqualTo(("<|channel|>analysis<|message|>I'm\nthinking<|end|>Hello", "")));
        (content, reasoning, _) = ChatPieces.Read(Think, "<think>I'm</think>Hello", 1, splits: false);
        Assert.That((content, reasoning), Is.EqualTo(("<think>I'm</think>Hello", "")));
    }

    private static void InPieces(string template, string text, string prompt, string expectedReasoning, string expectedContent)
    {
        foreach (var piece in new[] { 1, 2, 5, 13, 1000 })
        {
            var (content, reasoning, calls) = ChatPieces.Read(template, text, piece, prompt);
            Assert.That((reasoning, content, calls.Count), Is.EqualTo((expectedReasoning, expectedContent, 0)), $"pieces of {piece}");
        }
    }
}
