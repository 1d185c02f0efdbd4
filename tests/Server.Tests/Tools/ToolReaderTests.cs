using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Server.Tools;

namespace TaalasSim.Server.Tests.Tools;

/// <summary>Calls are found in every family's writing, however the text is cut into pieces, and nothing else is taken for a call.</summary>
[Category("Smoke")]
public class ToolReaderTests
{
    private static readonly JsonElement Schema = JsonElement.Parse(
        """{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},"required":["city"]}"""
    );

    // Examples as the models' own chat templates write earlier calls.
    private static readonly (string Template, string Text)[] Families =
    [
        ("<tool_call>", "Let me see.\n<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Ulm\", \"days\": 2}}\n</tool_call>"),
        (
            "[TOOL_CALLS]",
            "Let me see.[TOOL_CALLS][{\"name\": \"weather\", \"arguments\": {\"city\": \"Ulm\", \"days\": 2}, \"id\": \"abc123def\"}]"
        ),
        ("\"parameters\"", "{\"name\": \"weather\", \"parameters\": {\"city\": \"Ulm\", \"days\": 2}}"),
        ("<function=", "Let me see.<function=weather>{\"city\": \"Ulm\", \"days\": 2}</function>"),
        (
            "<tool_call><function=<parameter=",
            "Let me see.\n<tool_call>\n<function=weather>\n<parameter=city>\nUlm\n</parameter>\n"
                + "<parameter=days>\n2\n</parameter>\n</function>\n</tool_call>"
        ),
        (
            "<｜tool▁calls▁begin｜>",
            "Let me see.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>weather\n"
                + "```json\n{\"city\": \"Ulm\", \"days\": 2}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>"
        ),
    ];

    private static ToolUse Use(string template) =>
        new()
        {
            Syntax = ToolSyntax.Of(template),
            Tools = [new Tool("weather", Schema)],
            IsRequired = false,
            AllowsSeveral = true,
        };

    private static (string Content, IReadOnlyList<ToolCall> Calls) Read(string template, string text, int piece)
    {
        var reader = new ToolReader(Use(template));
        var content = "";
        for (var at = 0; at < text.Length; at += piece)
            content += reader.Push(text.Substring(at, Math.Min(piece, text.Length - at)), isLast: false);
        return (content + reader.Push("", isLast: true), reader.Calls);
    }

    [Test]
    public void Every_family_is_read_whole_and_in_pieces([Values(1, 2, 7, 1000)] int piece)
    {
        foreach (var (template, text) in Families)
        {
            var (content, calls) = Read(template, text, piece);
            Assert.That(calls, Has.Count.EqualTo(1), template);
            Assert.That(calls[0].Name, Is.EqualTo("weather"), template);
            using var arguments = JsonDocument.Parse(calls[0].Arguments);
            Assert.That(arguments.RootElement.GetProperty("city").GetString(), Is.EqualTo("Ulm"), template);
            Assert.That(arguments.RootElement.GetProperty("days").GetInt32(), Is.EqualTo(2), template);
            Assert.That(content.Trim(), Is.EqualTo(text.StartsWith('{') ? "" : "Let me see."), template);
        }
    }

    [Test]
    public void Several_calls_are_read_in_order([Values(1, 1000)] int piece)
    {
        var one = "{\"name\": \"weather\", \"arguments\": {\"city\": \"A\"}}";
        var two = one.Replace("\"A\"", "\"B\"", StringComparison.Ordinal);
        foreach (
            var (template, text) in new[]
            {
                ("<tool_call>", $"<tool_call>{one}</tool_call>\n<tool_call>\n{two}\n</tool_call>"),
                ("[TOOL_CALLS]", $"[TOOL_CALLS][{one}, {two}]"),
            }
        )
            Assert.That(
                Read(template, text, piece).Calls.Select(c => c.Arguments),
                Is.EqualTo(new[] { "{\"city\": \"A\"}", "{\"city\": \"B\"}" }),
                template
            );
    }

    [Test]
    public void Text_that_is_no_call_stays_text([Values(1, 1000)] int piece)
    {
        foreach (
            var (template, text) in new[]
            {
                ("<tool_call>", "a <tool b"),
                ("<tool_call>", "<tool_call>{\"name\": \"unknown\", \"arguments\": {}}</tool_call>"),
                ("<tool_call>", "<tool_call>{\"name\": \"weather\", "),
                ("[TOOL_CALLS]", "[TOOL_CALLS] soon"),
                ("", "{\"answer\": 42}"),
                ("", "Once {\"name\": \"weather\", \"arguments\": {}}"),
            }
        )
        {
            var (content, calls) = Read(template, text, piece);
            Assert.That(calls, Is.Empty, text);
            Assert.That(content, Is.EqualTo(text));
        }
    }
}
