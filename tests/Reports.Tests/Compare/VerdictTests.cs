using System.Text.Json;
using NUnit.Framework;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Tests.Pages;

namespace TaalasSim.Reports.Tests.Compare;

[TestFixture]
[Category("Smoke")]
public sealed class VerdictTests
{
    [Test]
    public void A_sentence_stays_inside_one_view_and_there_are_at_most_three()
    {
        var sample = SampleReport.Comparison();
        var report = sample with { Gpus = [sample.Gpus[0] with { PublishedBars = [new("b-1", 100, "someone")] }, sample.Gpus[1]] };
        // 16,900 / 200 = 84.5; 16,900 / 19 = 889; 48,000 / 36,000 = 1.33; 230 / 48,000 over 690 / 36,000 = 0.25.
        Assert.That(
            Verdict.Sentences(report),
            Is.EqualTo(
                new[]
                {
                    "With one user, HC1-class chip is 84.5 times as fast as H200 and 889 times as fast as L4.",
                    "At full batch, HC1-class chip has 1.33 times the throughput of H200 (4 against 800 users) "
                        + "at 0.250 times its energy per token.",
                    "Against published rates for one user, it is 169 times as fast as the 100 tokens/s of H200 (row b-1: someone).",
                }
            )
        );
    }

    [Test]
    public void A_chip_that_cannot_serve_is_not_compared()
    {
        var sample = SampleReport.Comparison();
        var report = sample with { Chip = sample.Chip with { OneUser = null, FullBatch = null } };
        Assert.Multiple(() =>
        {
            Assert.That(Verdict.Sentences(report), Is.Empty);
            Assert.That(RatioTable.Of(report), Is.Empty);
        });
    }

    [TestCase(10, 9, 11, 5, 4, 6, "tokens_per_second_user", Standing.Better)]
    [TestCase(10, 9, 11, 5, 4, 6, "watts", Standing.Worse)]
    [TestCase(10, 6, 11, 5, 4, 6, "tokens_per_second_user", Standing.Open)]
    [TestCase(5, 4, 6, 10, 9, 11, "tokens_per_second_user", Standing.Worse)]
    [TestCase(5, 4, 6, 10, 9, 11, "watts", Standing.Better)]
    [TestCase(5, 4, 6, 10, 9, 11, "users_to_saturate", Standing.Open)]
    public void Better_means_that_the_intervals_do_not_touch(
        double a,
        double aLow,
        double aHigh,
        double b,
        double bLow,
        double bHigh,
        string figure,
        Standing expected
    )
    {
        var cell = RatioCell.Of(FigureCatalog.Named(figure), new UncertaintyRange(a, aLow, aHigh), new UncertaintyRange(b, bLow, bHigh));
        Assert.Multiple(() =>
        {
            Assert.That(cell.Standing, Is.EqualTo(expected));
            Assert.That(cell.Ratio, Is.EqualTo(a / b));
        });
    }

    [Test]
    public void A_row_of_the_table_shares_one_scale_and_says_so()
    {
        var table = RatioTable.Of(SampleReport.Comparison())[0];
        var energy = table.Rows.Single(r => r.Figure == FigureCatalog.JoulesPerToken);
        var (scale, label) = RatioTable.Label(energy);
        Assert.Multiple(() =>
        {
            // The smallest of 230 / 48,000 and the others is 4.8 mJ.
            Assert.That(label, Is.EqualTo("energy per token, mJ"));
            Assert.That(scale, Is.EqualTo(1e-3));
            Assert.That(RatioTable.Ratio(energy.FullBatch!), Is.EqualTo("0.250 +"));
            Assert.That(RatioTable.Ratio(table.Rows[1].FullBatch!), Is.EqualTo("1.33 ~"), "40,800 < 41,400");
            Assert.That(RatioTable.Users(table.Gpu, ServiceView.FullBatch), Is.EqualTo("800"));
        });
    }

    [Test]
    public void Machine_readable_points_have_every_figure_under_its_key_in_order()
    {
        var fields = SampleReport.Comparison().Chip.OneUser!.Fields();
        var json = JsonSerializer.SerializeToElement(
            fields,
            new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower }
        );
        Assert.Multiple(() =>
        {
            Assert.That(
                fields.Keys,
                Is.EqualTo(
                    new[]
                    {
                        "users",
                        "tokens_per_second_user",
                        "tokens_per_second_total",
                        "watts",
                        "joules_per_token",
                        "usd_per_million_tokens",
                        "time_to_first_token_us",
                        "prompt_tokens_per_second",
                        "joules_per_prompt_token",
                        "usd_per_million_prompt_tokens",
                        "limit",
                    }
                )
            );
            foreach (var figure in ServicePoint.Compared)
            foreach (var end in new[] { "value", "low", "high" })
                Assert.That(json.GetProperty(figure.Key).GetProperty(end).GetDouble(), Is.Positive, $"{figure} {end}");
            Assert.That(json.GetProperty("prompt_tokens_per_second").ValueKind, Is.EqualTo(JsonValueKind.Null));
        });
    }
}
