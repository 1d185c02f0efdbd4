using System.Text;
using NUnit.Framework;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Runtime.Decode.Grammars;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Decode.Grammars;

/// <summary>A grammar that begins to hold in the middle of a text.</summary>
[Category("Kernels")]
public class TriggeredFilterTests
{
    private static readonly Lazy<TextTokenizer> Tokenizer = new(() =>
    {
        using var file = GgufFile.Open(Shared.Path("golden/stories260K/stories260K-f32.gguf"));
        return TextTokenizer.Create(TokenizerFromGguf.Read(file)!);
    });

    private static int Byte(char c) => Tokenizer.Value.FindToken($"<0x{(int)c:X2}>");

    private static TriggeredFilter After(string grammar, string word, bool atStart, string text)
    {
        var filter = new TriggeredFilter(Grammar.Parse(grammar), Tokenizer.Value, new GrammarTrigger(word, atStart));
        foreach (var b in Encoding.ASCII.GetBytes(text))
        {
            Assert.That(filter.Allows(Byte((char)b)), $"'{(char)b}' of '{text}'");
            filter.Accept(Byte((char)b));
        }
        return filter;
    }

    [TestCase("free text <c", false)]
    [TestCase("free text <call>", true)]
    [TestCase("<call>x", true)]
    public void It_holds_from_the_trigger_on(string text, bool active)
    {
        var filter = After("root ::= \"<call>\" \"x\"+", "<call>", atStart: false, text);
        Assert.That(filter.IsActive, Is.EqualTo(active));
        Assert.That(filter.Allows(Byte('x')), Is.True);
        Assert.That(filter.Allows(Byte('y')), Is.EqualTo(!active));
    }

    [TestCase(" {\"a\" :", true)]
    [TestCase("say {\"a\":", false)]
    public void A_trigger_of_the_start_counts_only_there_and_white_space_in_it_is_free(string text, bool active)
    {
        var filter = After("root ::= \"{\" \"\\\"a\\\"\" \" \"* \":\" [0-9]", "{\"a\":", atStart: true, text);
        Assert.That(filter.IsActive, Is.EqualTo(active));
        Assert.That(filter.Allows(Byte('z')), Is.EqualTo(!active));
    }

    [Test]
    public void Text_with_the_trigger_that_is_not_of_the_grammar_stays_free()
    {
        var filter = After("root ::= \"<tool>\" \"x\"", "tool", atStart: false, "<tool");
        Assert.That(filter.IsActive, Is.False, "'tool' without '<' is no text of the grammar");
        Assert.That(filter.Allows(Byte('?')), Is.True);
    }
}
