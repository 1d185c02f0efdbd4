using NUnit.Framework;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Units;
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
        var chip = Report.Value.Chip.OneUser![FigureCatalog.TokensPerSecondUser].Value;
        Assert.Multiple(() =>
        {
            Assert.That(bar.TokensPerSecondUser, Is.EqualTo(230));
            Assert.That(chip / bar.TokensPerSecondUser, Is.EqualTo(74).Within(1));
            Assert.That(Verdict.Sentences(Report.Value)[2], Does.Match(@"7[34](\.\d)? times as fast as the 230 tokens/s of H200"));
        });
    }

    [Test]
    public void In_aggregate_it_is_about_equal_and_takes_about_a_sixth_of_the_energy()
    {
        var (chip, gpu) = (Report.Value.Chip.FullBatch!, Report.Value.Gpus[0].FullBatch!);
        var table = RatioTable.Of(Report.Value).Single();
        Assert.Multiple(() =>
        {
            Assert.That(
                chip[FigureCatalog.TokensPerSecondTotal].Value / gpu[FigureCatalog.TokensPerSecondTotal].Value,
                Is.EqualTo(1).Within(0.15)
            );
            Assert.That(gpu[FigureCatalog.JoulesPerToken].Value / chip[FigureCatalog.JoulesPerToken].Value, Is.EqualTo(5.7).Within(0.5));
            Assert.That(table.Rows[1].FullBatch!.Standing, Is.EqualTo(Standing.Open), "aggregate throughput");
            Assert.That(
                Verdict.Sentences(Report.Value)[1],
                Does.Match(@"has (0\.9\d+|1\.0\d+) times the throughput of H200 SXM \(1 against \d+ users\) at 0\.1\d+ times its energy")
            );
        });
    }

    [Test]
    public void The_page_on_multiplied_speed_ups_has_the_figures_of_this_chip()
    {
        var decoding = Report.Value.Decoding!;
        var page = File.ReadAllText(Shared.InRepo(Verdict.MultipliedSpeedUps));
        Assert.Multiple(() =>
        {
            Assert.That(decoding.SpeedUp, Is.LessThan(1), "positions of a step share no read of weights here");
            Assert.That(decoding.PositionsPerToken, Is.InRange(14.9, 15.5));
            Assert.That(page, Does.Contain("200–300×"));
            Assert.That(page, Does.Contain($"{NumberText.Significant(decoding.SpeedUp)} times"));
            Assert.That(page, Does.Contain($"{NumberText.Significant(decoding.PositionsPerToken)} positions"));
            Assert.That(page, Does.Contain($"{NumberText.Significant(decoding.Claim.PublishedSpeedUp.High)} times"));
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
