using NUnit.Framework;
using ScottPlot;
using TaalasSim.Reports.Charts;
using TaalasSim.Reports.Pages;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Pages;

/// <summary>A chart is a class that draws it and one registration.</summary>
[TestFixture]
[Category("Smoke")]
public sealed class ReportChartTests
{
    private static readonly ReportSection Section = new("Users", "Users that each system serves.");

    [Test]
    public void A_made_up_chart_is_written_beside_the_page_and_shown_in_it()
    {
        using var folder = new TemporaryFolder();
        var paths = ReportFiles.Write(SampleReport.Data(), folder.Path, [.. ReportPictures.Charts, new(Section, UsersChart.Draw)]);
        var page = File.ReadAllText(paths[0]);
        var picture = Convert.ToBase64String(File.ReadAllBytes(Path.Combine(folder.Path, "users.png")));
        Assert.Multiple(() =>
        {
            Assert.That(paths.Select(Path.GetFileName), Does.Contain("users.png").And.Contain("users.svg"));
            Assert.That(page, Does.Contain($"<h2>{Section.Title}</h2>").And.Contain(Section.Words));
            Assert.That(page, Does.Contain(picture), "the picture itself");
            Assert.That(page, Does.Contain("users.png"), "where the file is");
        });
    }

    [Test]
    public void A_chart_without_data_leaves_no_section()
    {
        using var folder = new TemporaryFolder();
        var paths = ReportFiles.Write(SampleReport.Data(), folder.Path, [new(Section, _ => [])]);
        Assert.That(paths, Has.Count.EqualTo(1));
        Assert.That(File.ReadAllText(paths[0]), Does.Not.Contain(Section.Title + "</h2>"));
    }

    private static class UsersChart
    {
        public static IEnumerable<Picture> Draw(ReportData data)
        {
            var plot = new Plot();
            plot.Add.Bars(data.Comparison.Systems().Select(s => s.FullBatch?.Users ?? 0).ToArray());
            yield return new Picture("users", "Users that each system serves at full batch.", plot, 400, 300);
        }
    }
}
