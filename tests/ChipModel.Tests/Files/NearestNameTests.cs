using NUnit.Framework;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Tests.Files;

/// <summary>Names that were mistyped.</summary>
[Category("Smoke")]
public sealed class NearestNameTests
{
    private static readonly string[] Known = ["compile", "compare", "cost", "llama-3.1-8b", "h200", "h100-sxm"];

    [TestCase("complie", "compile")]
    [TestCase("comple", "compile")]
    [TestCase("compre", "compare")]
    [TestCase("COMPILE", "compile")]
    [TestCase("csot", "cost")]
    [TestCase("h20", "h200")]
    [TestCase("h100", "h100-sxm")]
    [TestCase("llama3.1-8b", "llama-3.1-8b")]
    [TestCase("Llama-3.1-8B", "llama-3.1-8b")]
    [TestCase("frobnicate", null)]
    [TestCase("", null)]
    [TestCase("x", null)]
    public void The_nearest_known_name_is_found(string typed, string? expected) =>
        Assert.That(NearestName.Of(typed, Known), Is.EqualTo(expected));

    [Test]
    public void A_hint_is_a_question_or_nothing() =>
        Assert.Multiple(() =>
        {
            Assert.That(NearestName.Hint("comple", Known), Is.EqualTo("; did you mean 'compile'?"));
            Assert.That(NearestName.Hint("frobnicate", Known), Is.Empty);
        });
}
