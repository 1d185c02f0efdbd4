using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Fuzz;

/// <summary>
/// Changed inputs of every kind end in an answer or in one line and exit code 1, 2 or 3, within 5 seconds of processor time and 500 MB. An
/// input that gives a message of a new form is kept and changed further, so that the search goes deeper where it finds something new.
/// <c>./test --all</c> tries 10,000 inputs of each kind, <c>TAALAS_FUZZ_COUNT</c> another number, and
/// <c>TAALAS_FUZZ_MINUTES=10 ./test --filter "FullyQualifiedName~FuzzTests&amp;Name~gguf"</c> one kind for ten minutes;
/// <c>TAALAS_FUZZ_SEED</c> repeats a search. Inputs that once failed are in <c>tests/golden/fuzz</c> and are tried first.
/// </summary>
[Category("Smoke"), NonParallelizable]
public class FuzzTests
{
    private const int CountOfAll = 10_000;

    // Longer inputs only take longer.
    private const int LongestInput = 4 << 20;

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(0.5);

    private static IEnumerable<string> Names() => FuzzTargets.Names;

    [TestCaseSource(nameof(Names))]
    public void Changed_inputs_end_in_an_answer_or_one_line(string name)
    {
        using var folder = new TemporaryFolder();
        var target = FuzzTargets.Create(name, folder);
        var campaign = new FuzzCampaign(name, target);
        var past = Shared.InRepo($"tests/golden/fuzz/{name}");
        foreach (var file in Directory.Exists(past) ? Directory.GetFiles(past) : [])
            campaign.Try(File.ReadAllBytes(file), Path.GetFileName(file));
        foreach (var input in target.Seeds)
            campaign.Try(input, "seed");
        // Where the program refuses what is good, it does not read the rest.
        Assert.That(campaign.Accepted, Is.Positive, string.Concat(campaign.Messages));
        var seed = Number("TAALAS_FUZZ_SEED") is { } given ? (int)given : Random.Shared.Next();
        Search(target, campaign, seed);
        TestContext.Out.WriteLine($"{campaign.Summary}; seed {seed}");
        Shared.Keep($"messages-of-{name}", System.Text.Encoding.UTF8.GetBytes(string.Concat(campaign.Messages)));
    }

    private static void Search(FuzzTarget target, FuzzCampaign campaign, int seed)
    {
        var time = Number("TAALAS_FUZZ_MINUTES") is { } minutes ? TimeSpan.FromMinutes(minutes) : Short;
        var count = Number("TAALAS_FUZZ_COUNT") ?? (Shared.All ? CountOfAll : null);
        var (mutator, random, corpus) = (new Mutator(seed, target.Words), new Random(seed), target.Seeds.ToList());
        var clock = Stopwatch.StartNew();
        for (var tries = 0; count is { } n ? tries < n : clock.Elapsed < time; tries++)
        {
            var input = mutator.Change(corpus[random.Next(corpus.Count)], corpus[random.Next(corpus.Count)], target.IsText, target.Head);
            if (input.Length <= LongestInput && campaign.Try(input, $"seed {seed}, try {tries}"))
                corpus.Add(input);
        }
    }

    private static double? Number(string variable) =>
        double.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Float, CultureInfo.InvariantCulture, out var n)
            ? n
            : null;
}
