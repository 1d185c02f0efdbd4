using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

[TestFixture]
[Category("Smoke")]
[NonParallelizable]
public sealed class RespinCommandTests
{
    [Test]
    public void The_document_has_the_costs_of_every_system_and_the_picture_is_drawn()
    {
        using var folder = new TemporaryFolder();
        var picture = folder.File("costs.svg");
        var run = Invocation.Run("cost", "llama-3.2-1b", "--respin-months", "12", "--years", "2", "--picture", picture, "--json");
        Assert.That(run.Code, Is.Zero, run.Error);
        var document = JsonDocument.Parse(run.Output).RootElement;
        Assert.Multiple(() =>
        {
            Assert.That(document.GetProperty("months").EnumerateArray().Select(m => m.GetInt32()), Is.EqualTo(new[] { 0, 12, 24 }));
            Assert.That(document.GetProperty("systems")[0].GetProperty("cumulative_usd").GetArrayLength(), Is.EqualTo(3));
            Assert.That(File.ReadAllText(picture), Does.StartWith("<svg").Or.StartWith("<?xml"));
        });
    }

    [TestCase("--years 2", "--years: belongs to --respin-months")]
    [TestCase("--picture a.png", "--picture: belongs to --respin-months")]
    [TestCase("--respin-months 6 --picture a.gif", "--picture a.gif: name a .png or .svg file")]
    [TestCase("--respin-months 121", "--respin-months")]
    [TestCase("--respin-months 6 --years 0", "--years")]
    public void Options_without_meaning_are_refused(string options, string message)
    {
        var run = Invocation.Run(["cost", "llama-3.2-1b", .. options.Split(' ')]);
        Assert.That(run.Code, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain(message));
    }
}
