using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Tests.Files;

/// <summary>Text that looks like something else in YAML comes back as that text.</summary>
[TestFixture, Category("Smoke")]
public sealed class YamlTextTests
{
    private static readonly string[] Odd =
    [
        "null",
        "Null",
        "NULL",
        "~",
        "",
        " ",
        "true",
        "True",
        "FALSE",
        "yes",
        "No",
        "on",
        "OFF",
        "y",
        "N",
        "0",
        "-1",
        "1e3",
        "1_000",
        "0x1F",
        "0o17",
        ".5",
        "1.",
        ".inf",
        "-.INF",
        ".NaN",
        "12:30:45",
        "2026-11-27",
        "<<",
        "=",
        "-",
        "- a",
        "a: b",
        "a #b",
        "#",
        "'",
        "\"",
        "@x",
        "`x",
        "%x",
        "!x",
        "&x",
        "*x",
        "[a]",
        "{a}",
        "|",
        ">",
        "?",
        "? a",
        " a",
        "a ",
        "---",
        "...",
        "日本",
        "💀",
        "c:\\d",
        "nullx",
        "0123abc",
    ];

    [TestCaseSource(nameof(Odd))]
    public void Odd_text_comes_back(string text) => Assert.That(Back(text), Is.EqualTo(text));

    [Test]
    public void Any_text_of_signs_comes_back() =>
        Gen.String[Gen.Char["~nulNUL01eE+-.:_,#'\"{}[]&*!|>%@` abxo<=?"], 1, 8].Sample(text => Back(text) == text, iter: 3_000);

    [TestCase("null")]
    [TestCase("1.5")]
    [TestCase("no")]
    public void Other_readers_see_text_too(string text) => Assert.That(YamlText.Write(Entry(text)), Does.Contain($"name: \"{text}\""));

    [Test]
    public void Plain_text_has_no_quotes() =>
        Assert.That(YamlText.Write(Entry("blk.0.attn_q.bias")), Does.Contain("name: blk.0.attn_q.bias"));

    private static string Back(string text) => YamlReader.Parse<VectorEntry>(YamlText.Write(Entry(text)), "test").Name;

    private static VectorEntry Entry(string text) => new() { Name = text, Count = 1 };
}
