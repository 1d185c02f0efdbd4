using NUnit.Framework;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Tests.Files;

/// <summary>No text of a description passes that could leave the place it is written to.</summary>
[Category("Smoke")]
public class YamlNamesTests
{
    [TestCase("a: 1\nname: \"x\\n`include\"", "t.yaml:2: 'name' holds the character U+000A")]
    [TestCase("a: 1\nb:\n  - { c: \"\\e[31m\" }", "t.yaml:3: 'c' holds the character U+001B")]
    [TestCase("a: 1\n\"b\\u202Ec\": 1", "t.yaml:2: a key holds the character U+202E")]
    [TestCase("name: |\n  two\n  lines", "t.yaml:1: 'name' holds the character U+000A")]
    public void Hidden_characters_are_refused_with_their_place(string text, string message) =>
        Assert.That(() => ParsedYaml.Parse(text, "t.yaml"), Throws.InstanceOf<InputException>().With.Message.Contains(message));

    [Test]
    public void Long_texts_are_refused()
    {
        Assert.That(
            () => ParsedYaml.Parse($"name: {new string('x', 201)}", "t.yaml"),
            Throws.InstanceOf<InputException>().With.Message.Contains("'name' has 201 characters")
        );
        Assert.That(
            () => ParsedYaml.Parse($"source: {new string('x', 5000)}", "t.yaml"),
            Throws.InstanceOf<InputException>().With.Message.Contains("'source' has 5000 characters")
        );
    }

    [Test]
    public void A_value_that_replaces_another_passes_the_same_gate() =>
        Assert.That(
            () => ParsedYaml.Parse("name: x", "t.yaml").Bind<Named>(new Dictionary<string, string> { ["name"] = "a\nb" }),
            Throws.InstanceOf<InputException>().With.Message.Contains("'name' holds the character U+000A")
        );

    private sealed record Named
    {
        public required string Name { get; init; }
    }
}
