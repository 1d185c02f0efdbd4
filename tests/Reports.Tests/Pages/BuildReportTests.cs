using NUnit.Framework;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Files;
using TaalasSim.Reports.Charts;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Pages;
using TaalasSim.Reports.Sweeps;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Pages;

[TestFixture]
[Category("Smoke")]
public sealed class BuildReportTests
{
    private static readonly DesignLibrary Library = new(Shared.InRepo("chips"));

    [Test]
    public void The_report_of_an_hc1_adds_up_and_lists_its_constants()
    {
        var fabric = Library.Fabric("hc1");
        var plan = DesignLibrary.Plan(Library.Shape("llama-3.1-8b"), fabric, "rom3");
        var comparison = BuildComparison.From(Library, plan, ["h200"], 1000, 1000, 0);
        var data = BuildReport.From(
            Library,
            plan,
            straps: null,
            description: null,
            comparison,
            sweep: null,
            quality: null,
            "TaalasSim",
            ["./taalas report llama-3.1-8b"],
            []
        );
        var one = comparison.Chip.OneUser!;
        using var folder = new TemporaryFolder();
        var page = ReportFiles.Write(data, folder.Path)[0];
        // For eyes.
        File.Copy(page, Path.Combine(TestContext.CurrentContext.WorkDirectory, "report-hc1.html"), overwrite: true);
        foreach (var png in Directory.GetFiles(folder.Path, "*.png"))
            File.Copy(png, Path.Combine(TestContext.CurrentContext.WorkDirectory, "report-hc1-" + Path.GetFileName(png)), overwrite: true);
        var stages = data.Latency!.Stages;
        Assert.Multiple(() =>
        {
            Assert.That(data.Where!.Power.Parts.Sum(p => p.Value.Value), Is.EqualTo(one[FigureCatalog.Watts].Value).Within(1e-6).Percent);
            // One embedding, 32 layers and one output make a token: the inverse of the speed with one user.
            Assert.That(
                stages.Sum(s => s.Seconds * s.Count),
                Is.EqualTo(1 / one[FigureCatalog.TokensPerSecondUser].Value).Within(1e-6).Percent
            );
            Assert.That(data.Where!.Area.Parts.Sum(p => p.Value.Value), Is.EqualTo(815).Within(5).Percent, "published die of the HC1");
            Assert.That(
                data.Constants.Items.Select(c => c.Path),
                Does.Contain("technology.energy.rom_read_pj_per_bit")
                    .And.Contain("fabric.published.tokens_per_second_user")
                    .And.Some.StartsWith("gpus.H200 SXM.")
                    .And.Some.StartsWith("gpus.calibration.")
            );
            Assert.That(data.Constants.Items.Select(c => c.Constant.Source), Has.All.Not.Empty);
            Assert.That(data.Moves.Select(m => m.Constants.Count), Is.EqualTo(new[] { 1, 5, 5 }), "the clock is fitted on the speed");
            // The same token once by stage and once by unit.
            Assert.That(
                data.Where!.Time.Parts.Sum(p => p.Value.Value),
                Is.EqualTo(1e6 / one[FigureCatalog.TokensPerSecondUser].Value).Within(1e-6).Percent
            );
            foreach (var part in new[] { data.Where!.Time, data.Where!.Area, data.Where!.Power }.SelectMany(b => b.Parts))
                Assert.That(part.Value.Low <= part.Value.Value && part.Value.Value <= part.Value.High, part.Name);
            Assert.That(data.Where!.Power.Parts.Count(p => p.Value.High > p.Value.Low), Is.GreaterThan(8));
            Assert.That(data.Where!.Power.Total, Is.EqualTo(one[FigureCatalog.Watts]), "the same draws as the comparison's");
            Assert.That(stages.Select(s => s.Name), Is.EqualTo(new[] { "embedding", "mean of 32 layers", "output" }));
            Assert.That(data.Costs!.Users, Is.EqualTo(comparison.Chip.FullBatch!.Users));
            Assert.That(
                data.Costs.Figures.Single(f => f.Key == FigureCatalog.UsdPerMillionTokens.Key).Figure.Value,
                Is.EqualTo(comparison.Chip.FullBatch[FigureCatalog.UsdPerMillionTokens].Value)
            );
        });
    }

    [Test]
    public void The_demonstration_sweep_runs_and_more_lanes_are_never_slower()
    {
        using var folder = new TemporaryFolder();
        var demo = Shared.InRepo("chips/sweeps/demo.yaml");
        var spec = SweepFile.Read(demo);
        using var evaluate = new EvaluateDesign(Library, spec, demo, draws: 20);
        var result = SweepRunner.Run(spec, folder.Path, evaluate.Evaluate, new SweepOptions { Threads = 2, Inputs = evaluate.Inputs });
        var curves = SweepCurves.From(result, "fabric.vector.lanes", "tokens_per_second_user").Curves;
        Assert.Multiple(() =>
        {
            Assert.That(
                result.Rows.Select(r => r.Status),
                Has.All.AnyOf(SweepStatus.Ok, SweepStatus.DoesNotFit),
                string.Join('\n', result.Rows.Select(r => r.Reason).Distinct(StringComparer.Ordinal))
            );
            Assert.That(result.Rows.Count(r => r.Status == SweepStatus.Ok), Is.EqualTo(18));
            foreach (var curve in curves)
                Assert.That(curve.Points.OrderBy(p => p.X).Select(p => p.Y.Value), Is.Ordered.Ascending, curve.Name);
            Assert.That(() => SweepCurves.From(result, "weights", "watts"), Throws.TypeOf<InputException>());
            Assert.That(
                () => SweepCurves.From(result, "fabric.vector.lanes", "speed"),
                Throws.TypeOf<InputException>().With.Message.Contains("tokens_per_second_user")
            );
        });
    }
}
