using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;
using TaalasSim.Support;

namespace TaalasSim.ChipModel.Tests.Files;

/// <summary>A value of the wrong kind, and a key that nobody knows, are told in words of the file: never with the name of a type.</summary>
[Category("Physics")]
public sealed class ValueKindTests
{
    private static readonly string[] Odd = ["5", "word", "true", "[1, 2]", "[]", "{}", "{ a: 1 }", "[{ a: 1 }]", "", "~", "'5'"];

    [Test]
    public void No_value_of_any_key_brings_the_name_of_a_type() =>
        Assert.Multiple(() =>
        {
            Check<FabricSpec>(File.ReadAllText(Shared.InRepo("chips/fabrics/hc1.yaml")));
            Check<TechnologySpec>(File.ReadAllText(Shared.InRepo("chips/technology/n6.yaml")));
            Check<ModelShape>(File.ReadAllText(Shared.InRepo("chips/models/llama-3.1-8b.yaml")));
        });

    [TestCase("bank: 5", "'5' is where keys belong: style, rows, columns,")]
    [TestCase("bank: [1]", "a list is where keys belong: style,")]
    [TestCase("bank: {}", "without ")]
    [TestCase("bank: ", "the key has no value; give one or leave the key out")]
    [TestCase("clock_ghz: 3", "'3' is where keys belong: value, low, high, unit, source, confidence")]
    [TestCase("name: [a]", "a list is where a text belongs")]
    [TestCase("name: { a: 1 }", "a mapping is where a text belongs")]
    [TestCase("aliases: x", "unknown key 'aliases'")]
    [TestCase("clock_gzh: 3", "unknown key 'clock_gzh'; did you mean 'clock_ghz'?")]
    [TestCase("zzz: 3", "unknown key 'zzz'; known are name, ")]
    [TestCase("? [a]\n: 1", "a key is a word")]
    public void A_fault_names_file_line_and_what_belongs_there(string line, string message)
    {
        var text = $"description: x\n{line}\n";
        Assert.That(
            Assert.Throws<InputException>(() => YamlReader.Parse<FabricSpec>(text, "odd.yaml"))!.Message,
            Does.Match("^odd.yaml:[12]: ").And.Contains(message).And.Not.Contains("\n")
        );
    }

    // Every key of the file and of the mappings in it, one after the other, with each of the odd values in place of its own.
    private static void Check<T>(string text)
    {
        var lines = text.Split('\n');
        var tried = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var colon = lines[i].IndexOf(": ", StringComparison.Ordinal);
            if (colon < 0 || lines[i].TrimStart().StartsWith('#'))
                continue;
            foreach (var odd in Odd)
            {
                tried++;
                string[] changed = [.. lines[..i], $"{lines[i][..colon]}: {odd}", .. lines[(i + 1)..]];
                var said = Said<T>(string.Join('\n', changed));
                Assert.That(said, Does.Not.Match(@"\b(System|TaalasSim|YamlDotNet)\.|Version=|`\d|nullability|deserializ"), changed[i]);
                Assert.That(said, Is.Empty.Or.StartWith("odd.yaml:"), changed[i]);
            }
        }

        Assert.That(tried, Is.GreaterThan(100));
    }

    private static string Said<T>(string text)
    {
        try
        {
            YamlReader.Parse<T>(text, "odd.yaml");
            return "";
        }
        catch (InputException e)
        {
            return e.Message;
        }
    }
}
