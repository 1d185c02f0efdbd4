using System.Text.RegularExpressions;
using NUnit.Framework;
using TaalasSim.Reports.Compare;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Compare;

/// <summary>Where the chip wins and where not, for the model it was published with: figures are read from the comparison, not from the
/// text.</summary>
[TestFixture]
[Category("Validation")]
public sealed class LlamaOnHc1Tests
{
    private static readonly DesignLibrary Library = new(Shared.InRepo("chips"));

    private static readonly Lazy<ComparisonReport> Report = new(() =>
        BuildComparison.From(
            Library,
            DesignLibrary.Plan(Library.Shape("llama-3.1-8b"), Library.Fabric("hc1"), "rom3"),
            ["h200"],
            1000,
            1000,
            0
        )
    );

    [Test]
    public void At_one_user_it_is_about_74_times_the_published_bar()
    {
        var bar = Report.Value.Gpus[0].PublishedBars.Single();
        var chip = Report.Value.Chip.OneUser!.TokensPerSecondUser.Value;
        Assert.Multiple(() =>
        {
            Assert.That(bar.TokensPerSecondUser, Is.EqualTo(230));
            Assert.That(chip / bar.TokensPerSecondUser, Is.EqualTo(74).Within(1));
            Assert.That(
                Verdict.Sentences(Report.Value),
                Has.Some.Matches(@"published bar of 230 tokens/s .*is 7[34](\.\d)? times as fast; against the \d+ tokens/s")
            );
        });
    }

    [Test]
    public void In_aggregate_it_is_about_equal_and_takes_about_a_third_of_the_energy()
    {
        var (chip, gpu) = (Report.Value.Chip.FullBatch!, Report.Value.Gpus[0].FullBatch!);
        Assert.Multiple(() =>
        {
            Assert.That(chip.TokensPerSecondTotal.Value / gpu.TokensPerSecondTotal.Value, Is.EqualTo(1).Within(0.15));
            Assert.That(gpu.JoulesPerToken.Value / chip.JoulesPerToken.Value, Is.EqualTo(3).Within(0.3));
            Assert.That(Verdict.Sentences(Report.Value)[1], Does.Contain("about equal in speed of all users together"));
            Assert.That(
                Verdict.Sentences(Report.Value),
                Has.Some.Matches(@"^In plain words: .*about as many tokens per second for (2\.\d+|3\.\d+) times less energy a token")
            );
        });
    }

    [Test]
    public void The_product_of_chip_and_decoding_speed_ups_is_explained_with_this_chips_own_figures()
    {
        var decoding = Report.Value.Decoding!;
        var sentence = Verdict.Sentences(Report.Value)[^1];
        Assert.Multiple(() =>
        {
            Assert.That(decoding.SpeedUp, Is.LessThan(1), "positions of a step share no read of weights here");
            Assert.That(decoding.PositionsPerToken, Is.InRange(14.9, 15.5));
            Assert.That(sentence, Does.Contain("200–300×").And.Contain("no speed of anything"));
            Assert.That(
                Regex.Match(sentence, @"run at ([\d.]+) times").Groups[1].Value,
                Is.EqualTo(ChipModel.Units.NumberText.Significant(decoding.SpeedUp))
            );
        });
    }

    [Test]
    public void A_diffusion_model_is_not_compared_with_a_card_modelled_token_by_token()
    {
        var report = BuildComparison.From(
            Library,
            DesignLibrary.Plan(Library.Shape("llada-8b"), Library.Fabric("hc1"), "rom3"),
            ["h200"],
            100,
            100,
            0
        );
        Assert.That(report.Gpus[0].Unavailable, Does.Contain("computes a canvas"));
    }
}
