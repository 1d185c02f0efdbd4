using System.Text.Json;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Tokenizer.ChatTemplates;

namespace TaalasSim.Compiler.Tests.Tokenizer;

/// <summary>Filters, tests, methods, functions and statements against Python's Jinja2: the same text, or refused by both.</summary>
[Category("Compiler")]
public sealed class JinjaReferenceTests
{
    private static readonly JsonElement Reference = Read();

    private static IEnumerable<TestCaseData> Cases() =>
        Reference
            .GetProperty("cases")
            .EnumerateArray()
            .Select(
                (item, i) =>
                    new TestCaseData(item.GetProperty("template").GetString(), item.GetProperty("expected").GetString()).SetArgDisplayNames(
                        $"{i}"
                    )
            );

    [TestCaseSource(nameof(Cases))]
    public void A_template_renders_as_in_jinja2(string template, string? expected)
    {
        if (expected is null)
            Assert.That(
                () => Render(template),
                Throws.TypeOf<InputException>().With.Message.StartsWith("chat template, line 1: "),
                template
            );
        else
            Assert.That(Render(template), Is.EqualTo(expected), template);
    }

    [Test]
    public void A_long_chain_is_refused_before_it_is_walked() =>
        Assert.That(
            () => Render("{{ " + string.Join('+', Enumerable.Repeat("1", 200_000)) + " }}"),
            Throws.TypeOf<InputException>().With.Message.Contains("operations in a row")
        );

    [TestCase("(")]
    [TestCase("[")]
    [TestCase("not ")]
    [TestCase("-")]
    [TestCase("{'a':")]
    public void Deep_nesting_is_refused(string opening) =>
        Assert.That(() => Render("{{ " + string.Concat(Enumerable.Repeat(opening, 100_000)) + " }}"), Throws.TypeOf<InputException>());

    private static string Render(string template) =>
        ChatTemplate
            .Parse(template)
            .Render(
                new ChatTemplateInput
                {
                    Messages = [],
                    AddGenerationPrompt = true,
                    BosToken = "<s>",
                    EosToken = "</s>",
                    Now = new DateTime(2026, 3, 5, 14, 7, 9),
                    Variables = Reference.GetProperty("variables").EnumerateObject().ToDictionary(item => item.Name, item => item.Value),
                }
            );

    private static JsonElement Read()
    {
        using var stream = typeof(JinjaReferenceTests).Assembly.GetManifestResourceStream("JinjaCases.json")!;
        return JsonDocument.Parse(stream).RootElement.Clone();
    }
}
