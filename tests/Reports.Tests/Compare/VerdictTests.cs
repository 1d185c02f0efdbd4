using System.Text.Json;
using NUnit.Framework;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Tests.Pages;

namespace TaalasSim.Reports.Tests.Compare;

[TestFixture]
[Category("Smoke")]
public sealed class VerdictTests
{
    [Test]
    public void Each_sentence_compares_one_view_and_says_who_is_ahead()
    {
        var sentences = Verdict.Sentences(SampleReport.Comparison());
        Assert.Multiple(() =>
        {
            Assert.That(sentences, Has.Count.EqualTo(5));
            // 16,900 / 190 = 88.9; 480 / 200 = 2.4.
            Assert.That(
                sentences[0],
                Does.StartWith(
                    "With one user, HC1-class chip against H200 is ahead in speed for one user (16,900 against 190 tokens/s, 88.9 "
                        + "times more)"
                )
            );
            Assert.That(sentences[0], Does.Contain("power (200 against 480 W, 2.40 times less)"));
            // 48,000 ± 15 % and 36,000 ± 15 % overlap: 40,800 < 41,400.
            Assert.That(
                sentences[1],
                Does.StartWith("At full batch (4.00 users against 800 users)")
                    .And.Contain("not clearly either in speed of all users together (48,000 against 36,000 tokens/s")
            );
            Assert.That(
                sentences[2],
                Does.StartWith(
                    "In plain words: a user alone gets answers 88.9 times faster from HC1-class chip than from H200; with both full it "
                        + "makes 1.33 times more tokens per second"
                )
            );
            Assert.That(
                sentences[4],
                Is.EqualTo("At full batch HC1-class chip cannot be compared with L4: one sequence of 2,000 tokens does not fit.")
            );
        });
    }

    [TestCase(10, 9, 11, 5, 4, 6, true, 1)]
    [TestCase(10, 9, 11, 5, 4, 6, false, -1)]
    [TestCase(10, 6, 11, 5, 4, 6, true, 0)]
    [TestCase(5, 4, 6, 10, 9, 11, true, -1)]
    [TestCase(5, 4, 6, 10, 9, 11, false, 1)]
    public void Ahead_means_that_the_intervals_do_not_touch(
        double a,
        double aLow,
        double aHigh,
        double b,
        double bLow,
        double bHigh,
        bool moreIsBetter,
        int expected
    ) =>
        Assert.That(
            Verdict.Ahead(new UncertaintyRange(a, aLow, aHigh), new UncertaintyRange(b, bLow, bHigh), moreIsBetter),
            Is.EqualTo(expected)
        );

    [Test]
    public void Being_behind_is_said()
    {
        var report = SampleReport.Comparison();
        var swapped = report with { Chip = report.Gpus[0] with { Name = "slow chip" }, Gpus = [report.Chip] };
        Assert.That(
            Verdict.Sentences(swapped)[0],
            Does.StartWith("With one user, slow chip against HC1-class chip is behind in speed for one user")
        );
    }

    [Test]
    public void Json_has_the_five_keys_with_value_low_and_high_for_both_views()
    {
        var json = JsonSerializer.SerializeToElement(
            SampleReport.Comparison(),
            new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower }
        );
        Assert.Multiple(() =>
        {
            foreach (var view in new[] { "one_user", "full_batch" })
            foreach (var figure in ComparedFigure.All)
            foreach (var end in new[] { "value", "low", "high" })
                Assert.That(
                    json.GetProperty("chip").GetProperty(view).GetProperty(figure.Key).GetProperty(end).GetDouble(),
                    Is.Positive,
                    $"{view} {figure.Key} {end}"
                );
        });
    }
}
