using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Server.Tools;

namespace TaalasSim.Server.Tests.Tools;

/// <summary>Calls are found in every family's writing, however the text is cut into pieces, and nothing else is taken for a call.</summary>
[Category("Smoke")]
public class ToolReaderTests
{
    private static IEnumerable<ToolExample> Examples => ToolExample.All;

    [TestCaseSource(nameof(Examples))]
    public void Every_family_is_known_by_its_template(ToolExample example) =>
        Assert.That(ToolSyntax.Of(example.Template).Name, Is.EqualTo(example.Family));

    [TestCaseSource(nameof(Examples))]
    public void One_call_is_read_whole_and_in_pieces(ToolExample example)
    {
        foreach (var piece in new[] { 1, 2, 3, 7, 19, 1000 })
        {
            var (content, _, calls) = ChatPieces.Read(example.Template, example.One, piece);
            Assert.That(calls.Select(c => c.Name), Is.EqualTo(new[] { "weather" }), $"pieces of {piece}");
            Assert.That(Values(calls[0]), Is.EqualTo("Ulm 2"), $"pieces of {piece}");
            Assert.That(content.Trim(), Is.EqualTo(example.Talks ? "Let me see." : ""), $"pieces of {piece}");
        }
    }

    [TestCaseSource(nameof(Examples))]
    public void Two_calls_are_read_in_order_with_their_names(ToolExample example)
    {
        if (example.Two.Length == 0)
            return;
        foreach (var piece in new[] { 1, 2, 3, 7, 19, 1000 })
        {
            var (content, _, calls) = ChatPieces.Read(example.Template, example.Two, piece);
            Assert.That(calls.Select(Values), Is.EqualTo(new[] { "Ulm 2", "Bonn -" }), $"pieces of {piece}");
            if (example.Ids.Length > 0)
                Assert.That(calls.Select(c => c.Id), Is.EqualTo(example.Ids));
            else
                Assert.That(calls.Select(c => c.Id).Distinct().Count(), Is.EqualTo(2));
            Assert.That(content.Trim(), Is.Empty);
        }
    }

    [TestCaseSource(nameof(Examples))]
    public void A_call_of_an_unknown_tool_is_no_call(ToolExample example)
    {
        var text = example.One.Replace("weather", "whether", StringComparison.Ordinal);
        foreach (var piece in new[] { 1, 1000 })
        {
            var (content, _, calls) = ChatPieces.Read(example.Template, text, piece);
            Assert.That(calls, Is.Empty);
            // What gpt-oss says to somebody who does not exist is for nobody; all else is text.
            if (example.Family != "harmony")
                Assert.That(
                    content.Replace("\n", "", StringComparison.Ordinal),
                    Is.EqualTo(text.Replace("\n", "", StringComparison.Ordinal))
                );
        }
    }

    [TestCaseSource(nameof(Examples))]
    public void An_answer_that_ends_within_a_call_tells_none(ToolExample example)
    {
        var cut = example.One[..(example.One.IndexOf("Ulm", StringComparison.Ordinal) + 2)];
        Assert.That(ChatPieces.Read(example.Template, cut, 1).Calls, Is.Empty);
    }

    [TestCase(1)]
    [TestCase(1000)]
    public void Text_that_is_no_call_stays_text(int piece)
    {
        foreach (
            var (template, text) in new[]
            {
                ("<tool_call>", "a <tool b"),
                ("<tool_call>", "<tool_call>{\"name\": \"weather\", "),
                ("[TOOL_CALLS]", "[TOOL_CALLS] soon"),
                ("", "{\"answer\": 42}"),
                ("", "Once {\"name\": \"weather\", \"arguments\": {}}"),
                ("<minimax:tool_call><invoke name=", "<minimax:tool_call>\nis how calls begin"),
                ("<|tool_list_start|>", "<|tool_call_start|>[weather(city=Ulm)]<|tool_call_end|>"),
            }
        )
        {
            var (content, _, calls) = ChatPieces.Read(template, text, piece);
            Assert.That(calls, Is.Empty, text);
            Assert.That(content, Is.EqualTo(text));
        }
    }

    [Test]
    public void White_space_after_a_call_is_no_text()
    {
        var (content, _, calls) = ChatPieces.Read("\"parameters\"", "{\"name\": \"weather\", \"parameters\": {}}\n \n", 1);
        Assert.That((content, calls.Count), Is.EqualTo(("", 1)));
    }

    [TestCase("[1, -2.5, True, None, 'a\\'b', \"c\\u00e4\"]", "[1,-2.5,true,null,\"a'b\",\"c\\u00E4\"]")]
    [TestCase("{'a': {\"b\": false, 'c': []}, 'd': (1,)}", "{\"a\":{\"b\":false,\"c\":[]},\"d\":[1]}")]
    public void Literals_of_Python_are_read(string literal, string json)
    {
        var text = $"<|tool_call_start|>[weather(city=\"Ulm\", more={literal})]<|tool_call_end|>";
        var call = ChatPieces.Read("<|tool_list_start|>", text, 1).Calls.Single();
        var more = JsonElement.Parse(call.Arguments).GetProperty("more");
        Assert.That(JsonElement.DeepEquals(more, JsonElement.Parse(json)), more.GetRawText());
    }

    // White space at the ends of a text in tags belongs to it where the family writes none of its own.
    [TestCase(
        "<seed:tool_call><function=<parameter=",
        "<seed:tool_call><function=weather><parameter=city>{0}</parameter></function></seed:tool_call>",
        "a\n"
    )]
    [TestCase(
        "<tool_call><function=<parameter=",
        "<tool_call><function=weather><parameter=city>\n{0}\n</parameter></function></tool_call>",
        "\n  a\n"
    )]
    [TestCase(
        "<tool_call><arg_key><arg_value>",
        "<tool_call>weather<arg_key>city</arg_key><arg_value>{0}</arg_value></tool_call>",
        " <b>1</b>\n"
    )]
    public void Text_in_tags_is_kept_as_it_is(string template, string pattern, string city)
    {
        var text = pattern.Replace("{0}", city, StringComparison.Ordinal);
        var call = ChatPieces.Read(template, text, 1).Calls.Single();
        Assert.That(JsonElement.Parse(call.Arguments).GetProperty("city").GetString(), Is.EqualTo(city));
    }

    private static string Values(ToolCall call)
    {
        var arguments = JsonElement.Parse(call.Arguments);
        var days = arguments.TryGetProperty("days", out var number)
            ? number.GetInt32().ToString(System.Globalization.CultureInfo.InvariantCulture)
            : "-";
        return arguments.GetProperty("city").GetString() + " " + days;
    }
}
