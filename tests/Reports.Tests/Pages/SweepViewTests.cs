using NUnit.Framework;
using TaalasSim.Reports.Charts;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Pages;
using TaalasSim.Reports.Sweeps;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Pages;

/// <summary>A sweep on the page: its points, its front and the chosen point.</summary>
[TestFixture]
[Category("Smoke")]
public sealed class SweepViewTests
{
    private static readonly DesignLibrary Library = new(Shared.InRepo("chips"));

    [Test]
    public void The_chosen_point_is_the_nearest_to_the_best_of_both_objectives()
    {
        var result = Run("banks.yaml");
        var view = SweepView.Of(result)!;
        int Column(string name) => view.Columns.ToList().IndexOf(name) - view.Fields;
        var (area, speed) = (Column("silicon of all dies (mm²)"), Column("speed per user (tokens/s)"));
        // One die: the area of all dies is the first objective, speed the second.
        var front = view
            .Points.Where(p => p.OnFront)
            .Select(p => (Point: p, Mm2: p.Figures[area]!.Value.Value, Speed: p.Figures[speed]!.Value.Value))
            .ToList();
        double Far(double mm2, double tokens) =>
            Math.Pow((mm2 - front.Min(f => f.Mm2)) / (front.Max(f => f.Mm2) - front.Min(f => f.Mm2)), 2)
            + Math.Pow((front.Max(f => f.Speed) - tokens) / (front.Max(f => f.Speed) - front.Min(f => f.Speed)), 2);
        Assert.Multiple(() =>
        {
            Assert.That(view.Points, Has.Count.EqualTo(result.Rows.Count(r => r.Status == SweepStatus.Ok)));
            Assert.That(front, Has.Count.EqualTo(result.Verdicts!.OnFrontCount).And.Count.GreaterThan(2));
            Assert.That(view.Points.Count(p => p.Chosen), Is.EqualTo(1));
            Assert.That(front.MinBy(f => Far(f.Mm2, f.Speed)).Point.Chosen, Is.True);
            Assert.That(view.Counts, Does.StartWith($"24 points were evaluated; {view.Points.Count} fit"));
            Assert.That(view.Choice, Does.Contain("less area of one die (mm²), more speed per user (tokens/s)"));
        });
    }

    [Test]
    public void Every_curve_that_was_computed_is_drawn_with_words_that_tell_it_from_the_others()
    {
        var curves = SweepCurves.From(Run("banks.yaml"), "fabric.bank.rows", "tokens_per_second_user");
        Assert.Multiple(() =>
        {
            Assert.That(curves.Curves.Select(c => c.Name), Is.Unique);
            Assert.That(
                curves.Curves.Select(c => c.Name),
                Does.Contain("weights rom3, columns of a bank 1024"),
                "computed fields tell nothing"
            );
            Assert.That((curves.XLabel, curves.YLabel), Is.EqualTo(("rows of a bank", "speed per user (tokens/s)")));
        });
    }

    [Test]
    public void A_sweep_without_objectives_has_no_choice_and_one_without_points_no_view()
    {
        var result = Run("demo.yaml");
        Assert.Multiple(() =>
        {
            Assert.That(SweepView.Of(result)!.Choice, Does.StartWith("The sweep states no objectives"));
            Assert.That(SweepView.Of(result)!.Points.Any(p => p.Chosen || p.OnFront), Is.False);
            Assert.That(SweepView.Of(result with { Rows = [] }), Is.Null);
            Assert.That(SweepView.Of(null), Is.Null);
        });
    }

    private static SweepResult Run(string name)
    {
        using var folder = new TemporaryFolder();
        var path = Shared.InRepo("chips/sweeps/" + name);
        var spec = SweepFile.Read(path, Library);
        using var evaluate = new EvaluateDesign(Library, spec, path, draws: 0);
        return SweepRunner.Run(spec, folder.Path, evaluate.Evaluate, new SweepOptions { Threads = 2, Inputs = evaluate.Inputs });
    }
}
