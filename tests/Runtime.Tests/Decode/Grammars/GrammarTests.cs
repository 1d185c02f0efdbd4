using System.Text;
using System.Text.Json;
using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Runtime.Decode.Grammars;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Decode.Grammars;

/// <summary>Which texts grammars allow, token by token, and which grammars are refused.</summary>
[Category("Kernels")]
public class GrammarTests
{
    private static readonly Lazy<TextTokenizer> Tokenizer = new(() =>
    {
        using var file = GgufFile.Open(Shared.Path("golden/stories260K/stories260K-f32.gguf"));
        return TextTokenizer.Create(TokenizerFromGguf.Read(file)!);
    });

    // Whether the text can be written byte by byte and be complete at its end.
    private static bool Matches(Grammar grammar, string text)
    {
        var filter = new GrammarFilter(grammar, Tokenizer.Value);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            var id = Tokenizer.Value.FindToken($"<0x{b:X2}>");
            if (!filter.Allows(id))
                return false;
            filter.Accept(id);
        }
        return filter.IsComplete;
    }

    private static bool Matches(string grammar, string text) => Matches(Grammar.Parse(grammar), text);

    [TestCase("root ::= \"yes\" | \"no\"", "yes", true)]
    [TestCase("root ::= \"yes\" | \"no\"", "ye", false)]
    [TestCase("root ::= \"a\"{2,3}", "aa", true)]
    [TestCase("root ::= \"a\"{2,3}", "aaaa", false)]
    [TestCase("root ::= \"a\"{2,}", "aaaaaaaa", true)]
    [TestCase("root ::= [a-c^]+ \"!\"?", "ab^c!", true)]
    [TestCase("root ::= [^a-c]*", "xyz", true)]
    [TestCase("root ::= [^a-c]*", "xaz", false)]
    [TestCase("root ::= item (\",\" item)*\nitem ::= [0-9]+ # digits\n", "1,22,333", true)]
    [TestCase("root ::= item (\",\" item)*\nitem ::= [0-9]+", "1,,2", false)]
    [TestCase("root ::= \"é\" \"🙂\" .", "é🙂ß", true)]
    [TestCase("root ::= \"\\u00e9\\U0001F642\\x41\\n\"", "é🙂A\n", true)]
    [TestCase("root ::= (\n\"a\"\n| \"b\"\n)", "b", true)]
    [TestCase("root ::= \"\" | \"x\" root", "xxx", true)]
    public void Texts_match(string grammar, string text, bool expected) => Assert.That(Matches(grammar, text), Is.EqualTo(expected));

    [TestCase("root ::= root \"a\" | \"b\"", "left recursion")]
    [TestCase("root ::= x\nx ::= y \"a\"\ny ::= \"\" | x", "left recursion")]
    [TestCase("root ::= (\"a\"?)*", "left recursion")]
    [TestCase("root ::= missing", "undefined rule 'missing'")]
    [TestCase("other ::= \"a\"", "no rule named 'root'")]
    [TestCase("root ::= \"a", "not closed")]
    [TestCase("root ::= [a", "not closed")]
    [TestCase("root ::= (\"a\"", "expected ')'")]
    [TestCase("root ::= *", "nothing precedes")]
    [TestCase("root ::= \"a\"{3,2}", "smaller")]
    [TestCase("root ::= \"a\"{99999}", "0 to 2000")]
    [TestCase("root ::= \"a\"{,2}", "0 to 2000")]
    [TestCase("root = \"a\"", "expected ::=")]
    [TestCase("root ::= \"\\q\"", "unknown escape")]
    public void What_is_no_grammar_is_refused(string grammar, string words) =>
        Assert.That(() => Grammar.Parse(grammar), Throws.InstanceOf<InputException>().With.Message.Contains(words));

    [Test]
    public void Size_and_nesting_are_bounded()
    {
        Assert.That(() => Grammar.Parse("root ::= " + new string('(', 100_000)), Throws.InstanceOf<InputException>());
        Assert.That(() => Grammar.Parse("root ::= \"" + new string('a', 300_000) + '"'), Throws.InstanceOf<InputException>());
        Assert.That(() => Grammar.Parse(new string('a', 2 << 20)), Throws.InstanceOf<InputException>());
    }

    [Test]
    public void Nested_brackets_of_any_depth_are_followed()
    {
        var deep = new string('[', 5000) + new string(']', 5000);
        Assert.That(Matches("root ::= \"[\" root? \"]\"", deep));
        Assert.That(Matches("root ::= \"[\" root? \"]\"", deep + "]"), Is.False);
    }

    [Test]
    public void An_end_is_allowed_only_when_the_text_is_whole()
    {
        var filter = new GrammarFilter(Grammar.Parse("root ::= \"ab\""), Tokenizer.Value);
        var end = Tokenizer.Value.EosId;
        Assert.That(filter.Allows(end), Is.False);
        filter.Accept(Tokenizer.Value.FindToken("a"));
        Assert.That(filter.Allows(end), Is.False);
        filter.Accept(Tokenizer.Value.FindToken("b"));
        Assert.That(filter.Allows(end));
        Assert.That(filter.Allows(Tokenizer.Value.FindToken("a")), Is.False);
    }

    [Test]
    public void Whole_number_ranges_hold_exactly_their_numbers() =>
        Gen.Select(Gen.Int[-1200, 1200], Gen.Int[0, 1500])
            .Sample(
                (low, width) =>
                {
                    var high = low + width;
                    var schema = JsonSerializer.SerializeToElement(
                        new
                        {
                            type = "integer",
                            minimum = low,
                            maximum = high,
                        }
                    );
                    var grammar = Grammar.Parse(JsonSchemaGrammar.Convert(schema));
                    foreach (
                        var n in new[]
                        {
                            low - 1,
                            low,
                            low + 1,
                            (low + high) / 2,
                            high - 1,
                            high,
                            high + 1,
                            0,
                            9,
                            10,
                            99,
                            100,
                            -1,
                            -10,
                            10 * high,
                        }
                    )
                        if (Matches(grammar, n.ToString(System.Globalization.CultureInfo.InvariantCulture)) != (n >= low && n <= high))
                            return false;
                    return !Matches(grammar, "-0") && !Matches(grammar, "01");
                },
                iter: 40
            );

    private static readonly object[] Schemas =
    [
        new object[]
        {
            """{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string"}},"required":["a"]}""",
            """{"a":1,"b":"x\"y"}""",
            """{"b":"x"}""",
        },
        new object[] { """{"type":"array","items":{"type":"boolean"},"minItems":1,"maxItems":2}""", "[true, false]", "[]" },
        new object[] { """{"enum":["x",1,null]}""", "null", "2" },
        new object[] { """{"const":{"a":[1]}}""", """{"a":[1]}""", """{"a":[2]}""" },
        new object[] { """{"anyOf":[{"type":"string","minLength":2,"maxLength":3},{"type":"null"}]}""", "\"ab\"", "\"a\"" },
        new object[] { """{"type":"string","pattern":"^[a-c]{2}(x|yz)+\\d?$"}""", "\"abxyz7\"", "\"abxq\"" },
        new object[] { """{"type":"string","format":"date-time"}""", "\"2026-11-27T10:20:30Z\"", "\"2026-13-27T10:20:30Z\"" },
        new object[] { """{"type":"string","format":"uuid"}""", "\"00112233-4455-6677-8899-aabbccddeeff\"", "\"0011\"" },
        new object[]
        {
            """{"properties":{"a":{"$ref":"#/defs/t"}},"required":["a"],"""
                + """ "defs":{"t":{"type":"object","properties":{"n":{"$ref":"#/defs/t"}}}}}""",
            """{"a":{"n":{}}}""",
            """{"a":1}""",
        },
        new object[]
        {
            """{"allOf":[{"properties":{"a":{"type":"null"}}},{"properties":{"b":{"type":"null"}}}]}""",
            """{"a":null,"b":null}""",
            """{"a":null}""",
        },
        new object[]
        {
            """{"type":"object","additionalProperties":{"type":"number"},"properties":{"ab":{"type":"null"}}}""",
            """{"ab":null,"abc":-1.5e3}""",
            """{"x":null}""",
        },
        new object[] { """{"type":["string","null"]}""", "null", "1" },
        new object[] { """{"prefixItems":[{"type":"integer"},{"type":"string"}]}""", "[1,\"a\"]", "[\"a\",1]" },
        new object[] { "{}", """{"a":[1,{"b":null}]}""", "[" },
    ];

    [TestCaseSource(nameof(Schemas))]
    public void Schemas_allow_what_they_say(string schema, string right, string wrong)
    {
        var grammar = Grammar.Parse(JsonSchemaGrammar.Convert(JsonElement.Parse(schema)));
        Assert.Multiple(() =>
        {
            Assert.That(Matches(grammar, right), right);
            Assert.That(Matches(grammar, wrong), Is.False, wrong);
        });
    }

    [TestCase("""{"type":"hiccup"}""", "hiccup")]
    [TestCase("""{"type":123}""", "123")]
    [TestCase("123", "123")]
    [TestCase("""{"type":"string","pattern":"^(?=a)b$"}""", "pattern")]
    [TestCase("""{"type":"string","pattern":"abc"}""", "pattern")]
    [TestCase("""{"$ref":"http://example.org/x"}""", "Unsupported ref")]
    [TestCase("""{"type":"integer","minimum":5,"maximum":2}""", "no whole number")]
    public void What_a_grammar_cannot_say_is_refused_by_name(string schema, string words) =>
        Assert.That(
            () => JsonSchemaGrammar.Convert(JsonElement.Parse(schema)),
            Throws.InstanceOf<InputException>().With.Message.Contains(words)
        );
}
