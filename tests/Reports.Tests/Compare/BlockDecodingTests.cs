using NUnit.Framework;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Compare;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Compare;

/// <summary>A diffusion model in blocks on the HC1, on a fabric made for it and on a GPU, at one service point.</summary>
[Category("Validation")]
public sealed class BlockDecodingTests
{
    private static readonly DesignLibrary Library = new(Shared.InRepo("chips"));

    [TestCase("hc1")]
    [TestCase("hc1-block")]
    public void The_page_has_the_figures_of_the_table(string fabric)
    {
        var blocks = Of(fabric);
        var page = File.ReadAllText(Shared.InRepo("docs/cdlm.md"));
        Assert.Multiple(() =>
        {
            Assert.That(blocks.Rows.Select(r => r.InBlocks), Is.EqualTo(new[] { false, true, false, true }));
            Assert.That(blocks.Rows[1].PassesPerToken, Is.EqualTo(((32 / 2.3) + 1) / 32).Within(1e-9));
            Assert.That(blocks.Rows[1].PositionsPerToken, Is.EqualTo((32 / 2.3) + 1).Within(1e-9));
            Assert.That(blocks.Both, Is.EqualTo(blocks.TokenByToken * blocks.OnChip).Within(1e-9).Percent);
            Assert.That(blocks.SameMethod, Is.EqualTo(blocks.Both / blocks.OnGpu).Within(1e-9).Percent);
            foreach (var row in blocks.Rows)
                Assert.That(page, Does.Contain(NumberText.Significant(row.TokensPerSecondUser)), row.System);
            Assert.That(page, Does.Contain($"{NumberText.Significant(blocks.OnChip)} times as fast as token by token"));
            Assert.That(page, Does.Contain($"{NumberText.Significant(blocks.Both!.Value)} times for the chip in"));
        });
    }

    [Test]
    public void Blocks_pay_only_where_reads_are_shared_and_nowhere_in_energy()
    {
        var (narrow, wide) = (Of("hc1"), Of("hc1-block"));
        Assert.Multiple(() =>
        {
            Assert.That(narrow.OnChip, Is.LessThan(1));
            Assert.That(wide.OnChip, Is.GreaterThan(1));
            Assert.That(wide.Mm2, Is.GreaterThan(4 * narrow.Mm2));
            Assert.That(wide.Rows[1].JoulesPerToken, Is.GreaterThan(wide.Rows[0].JoulesPerToken));
            Assert.That(wide.Both, Is.LessThan(wide.Claim.Headline.Low), "the product that is claimed is not reached");
        });
    }

    private static BlockDecoding Of(string fabric)
    {
        var plan = DesignLibrary.Plan(Library.Shape("dream-7b-cdlm"), Library.Fabric(fabric), "rom3");
        return BlockDecoding.Of(Library, plan, ["h200"], 480, 480, PriceTerms.ForComparison(Library, 0))!;
    }
}
