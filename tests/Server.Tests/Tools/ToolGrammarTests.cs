using System.Text;
using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Decode.Grammars;
using TaalasSim.Server.Tools;
using TaalasSim.Support;

namespace TaalasSim.Server.Tests.Tools;

/// <summary>A grammar holds an answer to calls that exist, and what it lets through is read as those calls.</summary>
[Category("Smoke")]
public class ToolGrammarTests
{
    private static readonly JsonElement Choices = JsonElement.Parse(
        """
        {"type":"object","properties":{"unit":{"type":"string","enum":["kelvin","celsius"]},"days":{"type":"integer"},
        "dry":{"type":"boolean"}},"required":["unit"],"additionalProperties":false}
        """
    );
    private static readonly Lazy<TextTokenizer> Tokenizer = new(() =>
    {
        using var file = GgufFile.Open(Shared.Path("golden/stories260K/stories260K-f32.gguf"));
        return TextTokenizer.Create(TokenizerFromGguf.Read(file)!);
    });

    private static IEnumerable<ToolExample> Examples => ToolExample.All;

    private static ToolUse Use(ToolExample example, JsonElement schema, bool isRequired) =>
        new()
        {
            Syntax = ToolSyntax.Of(example.Template),
            Tools = [new Tool("weather", schema), new Tool("weather_now", schema)],
            IsRequired = isRequired,
            AllowsSeveral = true,
        };

    private static bool Accepts(ITokenFilter filter, string text)
    {
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            var token = Tokenizer.Value.FindToken($"<0x{b:X2}>");
            if (!filter.Allows(token))
                return false;
            filter.Accept(token);
        }
        return true;
    }

    [TestCaseSource(nameof(Examples))]
    public void What_a_family_writes_is_of_its_grammar(ToolExample example)
    {
        var use = Use(example, ChatPieces.Schema, isRequired: false);
        var grammar = Grammar.Parse(ToolGrammar.Of(use, ""));
        foreach (var text in new[] { example.One, example.Two })
        {
            var filter = new TriggeredFilter(grammar, Tokenizer.Value, ToolGrammar.Trigger(use.Syntax));
            Assert.That(Accepts(filter, text), text);
            Assert.That(filter.IsActive, Is.EqualTo(text.Length > 0));
            Assert.That(filter.Allows(Tokenizer.Value.EosId), text.Length > 0 ? "the call may end" : "free text may end");
        }
    }

    [TestCaseSource(nameof(Examples))]
    public void A_wrong_name_a_wrong_type_and_a_missing_argument_are_refused(ToolExample example)
    {
        var use = Use(example, ChatPieces.Schema, isRequired: false);
        var grammar = Grammar.Parse(ToolGrammar.Of(use, ""));
        foreach (var (from, to) in new[] { ("weather", "whether"), ("2", "x"), ("Ulm", "") })
        {
            // Without the city the rest must not stand either, whether it is quoted, tagged or listed.
            var text = from == "Ulm" ? WithoutCity(example.One) : example.One.Replace(from, to, StringComparison.Ordinal);
            var filter = new TriggeredFilter(grammar, Tokenizer.Value, ToolGrammar.Trigger(use.Syntax));
            Assert.That(Accepts(filter, text), Is.False, text);
        }
    }

    [TestCaseSource(nameof(Examples))]
    public void Whatever_the_grammar_allows_is_read_as_calls(ToolExample example)
    {
        var use = Use(example, Choices, isRequired: true);
        var grammar = Grammar.Parse(ToolGrammar.Of(use, ""));
        var random = new Random(example.Family.Length);
        for (var round = 0; round < 2; round++)
        {
            var text = Walk(new GrammarFilter(grammar, Tokenizer.Value), random);
            var (_, _, calls) = ChatPieces.Read(example.Template, text, 1, schema: Choices);
            Assert.That(calls, Is.Not.Empty, text);
            foreach (var call in calls)
            {
                var arguments = JsonElement.Parse(call.Arguments);
                Assert.That(arguments.GetProperty("unit").GetString(), Is.AnyOf("kelvin", "celsius"), text);
                if (arguments.TryGetProperty("days", out var days))
                    Assert.That(days.ValueKind, Is.EqualTo(JsonValueKind.Number), text);
                if (arguments.TryGetProperty("dry", out var dry))
                    Assert.That(dry.ValueKind, Is.AnyOf(JsonValueKind.True, JsonValueKind.False), text);
            }
        }
    }

    [Test]
    public void The_reasoning_that_the_prompt_opened_comes_before_a_call_that_must_be()
    {
        var example = ToolExample.All[0];
        var grammar = Grammar.Parse(ToolGrammar.Of(Use(example, ChatPieces.Schema, isRequired: true), "</think>"));
        var call = example.One[example.One.IndexOf('<', StringComparison.Ordinal)..];
        Assert.That(Accepts(new GrammarFilter(grammar, Tokenizer.Value), "a < b, </thin> or so\n</think>\n" + call));
        Assert.That(Accepts(new GrammarFilter(grammar, Tokenizer.Value), "</think>Hello"), Is.False);
    }

    [Test]
    public void Words_of_a_call_in_the_text_of_a_message_are_no_call()
    {
        var use = Use(ToolExample.All.Single(e => e.Family == "harmony"), ChatPieces.Schema, isRequired: false);
        var filter = new TriggeredFilter(Grammar.Parse(ToolGrammar.Of(use, "")), Tokenizer.Value, ToolGrammar.Trigger(use.Syntax));
        Assert.That(Accepts(filter, "<|channel|>final<|message|>I would say to=functions.whether"));
        Assert.That(Accepts(filter, "<|end|><|start|>assistant<|channel|>commentary to=functions."));
        Assert.That(filter.IsActive);
    }

    [Test]
    public void The_last_message_of_an_answer_matches_a_schema()
    {
        var grammar = Grammar.Parse(HarmonyGrammar.OfSchema(JsonElement.Parse("""{"type":"integer"}""")));
        bool Of(string text) => Accepts(new GrammarFilter(grammar, Tokenizer.Value), text);
        Assert.That(Of("<|channel|>final <|constrain|>json<|message|>12"));
        Assert.That(Of("<|channel|>analysis<|message|>Twelve?<|end|><|start|>assistant<|channel|>final<|message|>12"));
        Assert.That(Of("<|channel|>final<|message|>a"), Is.False);
        Assert.That(Of("12"), Is.False);
    }

    private static string WithoutCity(string one)
    {
        var at = one.IndexOf("city", StringComparison.Ordinal);
        var next = one.IndexOf("days", StringComparison.Ordinal);
        // From the mark before the name of one argument to that before the other's.
        var mark = one[(at - 1)..at];
        return string.Concat(one.AsSpan(0, at), one.AsSpan(next), mark.AsSpan(1));
    }

    // A text of the grammar: a random token that is allowed, again and again; an end as soon as one may be.
    private static string Walk(GrammarFilter filter, Random random)
    {
        var bytes = new List<byte>();
        var size = Tokenizer.Value.VocabularySize;
        for (var step = 0; step < 2000; step++)
        {
            if (filter.IsComplete)
                return Encoding.UTF8.GetString([.. bytes]);
            var token = random.Next(size);
            for (var tried = 0; !filter.Allows(token) || Tokenizer.Value.IsEndOfGeneration(token); tried++)
                token = tried < size ? (token + 1) % size : throw new InvalidOperationException("no token follows");
            filter.Accept(token);
            bytes.AddRange(Tokenizer.Value.Piece(token));
        }
        throw new InvalidOperationException("no end after " + Encoding.UTF8.GetString([.. bytes]));
    }
}
