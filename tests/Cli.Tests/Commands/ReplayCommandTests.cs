using System.Text.Json;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

[TestFixture]
[Category("Smoke")]
[NonParallelizable]
public sealed class ReplayCommandTests
{
    [Test]
    public void A_file_of_requests_is_replayed_into_document_table_and_picture()
    {
        using var folder = new TemporaryFolder();
        var (trace, table, picture) = (folder.File("trace.csv"), folder.File("rows.csv"), folder.File("times.svg"));
        File.WriteAllText(trace, "arrival_seconds,prompt_tokens,answer_tokens\n0,100,50\n0.5,20,5\n");
        var run = Invocation.Run([
            "replay",
            "llama-3.2-1b",
            "--trace-file",
            trace,
            "--pairs",
            "--csv",
            table,
            "--picture",
            picture,
            "--json",
        ]);
        Assert.That(run.Code, Is.Zero, run.Error);
        var rows = JsonDocument.Parse(run.Output).RootElement.GetProperty("rows");
        var first = rows[0].GetProperty("figures").GetProperty("time_to_first_token_us").GetProperty("p50");
        Assert.Multiple(() =>
        {
            Assert.That(
                rows.EnumerateArray().Select(r => r.GetProperty("system").GetString()),
                Is.EqualTo(new[] { "hc1 chip", "H200 SXM", "H200 SXM + hc1 chip" })
            );
            Assert.That(first.GetProperty("low").GetDouble(), Is.LessThanOrEqualTo(first.GetProperty("value").GetDouble()));
            Assert.That(File.ReadAllLines(table), Has.Length.EqualTo(4));
            Assert.That(File.ReadAllText(picture), Does.StartWith("<svg").Or.StartWith("<?xml"));
        });
    }

    [Test]
    public void What_cannot_serve_is_told_and_the_exit_code_says_so()
    {
        using var folder = new TemporaryFolder();
        var trace = folder.File("trace.csv");
        File.WriteAllText(trace, "arrival_seconds,prompt_tokens,answer_tokens\n0,100000,5\n");
        var run = Invocation.Run("replay", "llama-3.1-8b", "--trace-file", trace, "--against", "h200:pytorch");
        Assert.Multiple(() =>
        {
            Assert.That(run.Code, Is.EqualTo(1));
            Assert.That(run.Output, Does.Contain("H200 SXM (pytorch, fp8 weights, 1 card): pytorch serves batches as a whole"));
            Assert.That(run.Output, Does.Contain("hc1 chip: keys and values of one user at 100000 + 5 tokens do not fit"));
        });
    }

    [TestCase("--rate 0", "--rate 0: use a number above 0")]
    [TestCase("--rate 1,x", "--rate x: not a number")]
    [TestCase("--rate 2,2", "--rate 2,2: 2 is there twice")]
    [TestCase("--replicas 1,0", "--replicas 0: use 1")]
    [TestCase("--requests 0", "--requests 0")]
    [TestCase("--burst 3", "--burst: belongs to --arrivals bursts")]
    [TestCase("--arrivals often", "--arrivals 'often': write one of poisson, bursts, regular")]
    [TestCase("--lengths long", "--lengths 'long': write one of fixed, exponential, log-normal, uniform")]
    [TestCase("--picture a.gif", "--picture a.gif: name a .png or .svg file")]
    [TestCase("--trace-file nosuch.csv", "nosuch.csv: no such file")]
    [TestCase("--trace-file nosuch.csv --seed 2", "--seed: belongs to generated traces")]
    [TestCase("--trace-file nosuch.csv --output-tokens 2", "--output-tokens: belongs to generated traces")]
    [TestCase("--against h200,h200", "h200 is named twice")]
    public void Options_without_meaning_are_refused(string options, string message)
    {
        var run = Invocation.Run(["replay", "llama-3.2-1b", .. options.Split(' ')]);
        Assert.That(run.Code, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain(message));
        Assert.That(run.Output, Is.Empty);
    }
}
