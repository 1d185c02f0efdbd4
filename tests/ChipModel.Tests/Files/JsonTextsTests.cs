using System.Text;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Tests.Files;

/// <summary>Texts that System.Text.Json parses and cannot read are found before they are read.</summary>
[Category("Smoke")]
public sealed class JsonTextsTests
{
    [TestCase("""{"a":"\ud83d\ude00"}""", true)]
    [TestCase("""{"a":"\ud800"}""", false)]
    [TestCase("""{"a":["x","\uDC00y"]}""", false)]
    [TestCase("""{"\uD800":1}""", false)]
    [TestCase("""{"a":"\\ud800"}""", true)]
    [TestCase("""{"a":"\ud800" oh""", false)]
    [TestCase("""no JSON \ud800""", true)]
    public void Halves_of_surrogate_pairs_are_no_text(string json, bool isText) =>
        Assert.That(JsonTexts.AreUnicode(Encoding.UTF8.GetBytes(json)), Is.EqualTo(isText));

    [Test]
    public void Bytes_that_are_no_utf_8_are_no_text() => Assert.That(JsonTexts.AreUnicode([(byte)'"', 0xff, (byte)'"']), Is.False);

    [Test]
    public void A_file_with_half_of_a_pair_is_refused() =>
        Assert.That(
            () => JsonFile.Parse("""{"model_type":"\ud800"}"""u8, "config.json"),
            Throws.TypeOf<InputException>().With.Message.StartsWith("config.json: is not UTF-8 text")
        );
}
