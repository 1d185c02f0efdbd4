using System.Diagnostics;
using NUnit.Framework;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Tests.Chip;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Support;

namespace TaalasSim.ChipModel.Tests.Evaluation;

[Category("Physics")]
public class EvaluationTests
{
    private static readonly ServiceShape Service = new(1000, 1000);

    private static readonly Lazy<EvaluationInput> Hc1 = new(() => EvaluationInput.Of(ShapePlan.Hc1Llama()));

    internal static PriceBook Prices => YamlReader.Read<PriceBook>(Shared.InRepo("chips/prices/2026-11.yaml"));

    [Test]
    public void Figures_of_a_design_point_agree_with_each_other()
    {
        var (technology, prices) = (ShapePlan.Technology("n6"), Prices);
        var one = ChipEvaluation.Evaluate(Hc1.Value, technology, prices, Service);
        var four = ChipEvaluation.Evaluate(Hc1.Value, technology, prices, Service with { Users = 4 });
        foreach (var field in FigureCatalog.All)
            TestContext.Out.WriteLine(FormattableString.Invariant($"{field.Key} {field.Read(one):G5} | 4 users {field.Read(four):G5}"));
        Assert.Multiple(() =>
        {
            Assert.That(one.JoulesPerToken, Is.EqualTo(new Joules(one.Watts.Value / one.TokensPerSecondTotal)));
            // 225 W are taken at four users of 480 + 480 tokens; one user draws about half.
            Assert.That(one.Watts.Value, Is.InRange(90, 140));
            Assert.That(four.Watts.Value, Is.GreaterThan(one.Watts.Value));
            Assert.That(four.JoulesPerToken.Value, Is.LessThan(one.JoulesPerToken.Value), "clocks and leakage are shared");
            Assert.That(four.UsdPerMillionTokens.Value, Is.LessThan(one.UsdPerMillionTokens.Value));
            // 65,536 bytes a position, 2,000 positions a user.
            Assert.That(one.UsersInKvSram, Is.EqualTo(261e6 / (65536.0 * 2000)).Within(1e-9));
        });
    }

    [Test]
    public void An_evaluation_allocates_nothing_and_takes_microseconds()
    {
        var (technology, prices, chip) = (ShapePlan.Technology("n6"), Prices, Hc1.Value);
        const int count = 2000;
        for (var i = 0; i < count; i++)
            ChipEvaluation.Evaluate(chip, technology, prices, new ServiceShape(100 + i, 1000));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var best = double.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var watch = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++)
                ChipEvaluation.Evaluate(chip, technology, prices, new ServiceShape(100 + i, 1000));
            best = Math.Min(best, Stopwatch.GetElapsedTime(watch).TotalMicroseconds / count);
        }

        TestContext.Out.WriteLine(FormattableString.Invariant($"{best:0.00} us a point"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(10_000), "bytes in 20,000 evaluations");
        // The target is 20 us; ten times that still passes on a machine that is busy with other things.
        Assert.That(best, Is.LessThan(200));
    }

    [Test]
    public void Intervals_hold_the_best_estimate_and_are_the_same_for_the_same_seed()
    {
        var study = new ChipUncertainty(Hc1.Value, ShapePlan.Technology("n6"), Prices, Service, Hc1.Value);
        var first = study.Run(200, seed: 7);
        var again = study.Run(200, seed: 7);
        var other = study.Run(200, seed: 8);
        foreach (var u in first.Figures)
        {
            var range = FormattableString.Invariant($"{u.Interval.Value:G4} [{u.Interval.Low:G4}, {u.Interval.High:G4}]");
            TestContext.Out.WriteLine($"{u.Figure.Key} {range} {string.Join(", ", u.Tornado.Select(t => t.Path))}");
        }

        Assert.Multiple(() =>
        {
            Assert.That(first.Figures.Select(f => f.Interval), Is.EqualTo(again.Figures.Select(f => f.Interval)));
            Assert.That(first.Figures.Select(f => f.Interval), Is.Not.EqualTo(other.Figures.Select(f => f.Interval)));
            foreach (var u in first.Figures)
                Assert.That(u.Interval.Value, Is.InRange(u.Interval.Low, u.Interval.High), u.Figure.Key);
            // Calibrated draw by draw, the HC1 keeps what was published of it.
            Assert.That(first[FigureCatalog.DieMm2].Interval.High - first[FigureCatalog.DieMm2].Interval.Low, Is.LessThan(0.02 * 815));
            // The load of the published 200 to 250 W is not known: with one user the interval reaches up to them.
            Assert.That(first[FigureCatalog.Watts].Interval.Low, Is.GreaterThan(90));
            Assert.That(first[FigureCatalog.Watts].Interval.High, Is.InRange(170, 250));
            // The lowest published rate, and the slowest explanation of the service: 0.66 of the clock.
            Assert.That(first[FigureCatalog.TokensPerSecondUser].Interval.Low, Is.InRange(0.66 * 14_357, 0.7 * 16_960));
            Assert.That(first[FigureCatalog.UsdPerMillionTokens].Tornado, Has.Count.EqualTo(5));
        });
    }

    [Test]
    public void Without_the_anchor_the_structure_alone_is_less_certain()
    {
        var technology = ShapePlan.Technology("n6");
        var anchored = new ChipUncertainty(Hc1.Value, technology, Prices, Service, Hc1.Value).Run(200)[FigureCatalog.DieMm2].Interval;
        var free = new ChipUncertainty(Hc1.Value, technology, Prices, Service).Run(200)[FigureCatalog.DieMm2].Interval;
        Assert.That(free.High - free.Low, Is.GreaterThan(5 * (anchored.High - anchored.Low)));
    }

    [Test]
    public void The_tornado_of_yield_names_defects_first()
    {
        var study = new ChipUncertainty(Hc1.Value, ShapePlan.Technology("n6"), Prices, Service, Hc1.Value);
        var tornado = study.Run(20)[FigureCatalog.Yield].Tornado;
        Assert.That(tornado[0].Path, Is.EqualTo("technology.wafer.defects_per_cm2"));
        Assert.That(tornado.Select(t => t.Swing), Is.Ordered.Descending);
    }

    [Test]
    public void An_explanation_lists_formula_inputs_and_sourced_constants()
    {
        var study = new ChipUncertainty(Hc1.Value, ShapePlan.Technology("n6"), Prices, Service);
        var rate = study.Explain(FigureCatalog.TokensPerSecondUser);
        var die = study.Explain(FigureCatalog.DieMm2);
        Assert.Multiple(() =>
        {
            Assert.That(rate.Inputs.Select(i => i.Name), Does.Contain("token_cycles").And.Contain("users"));
            Assert.That(rate.Inputs.Single(i => i.Name == "token_cycles").Value, Is.EqualTo(75921));
            Assert.That(
                rate.Constants.Select(c => c.Path),
                Is.EquivalentTo(new[] { "fabric.clock_ghz", "technology.calibration.latency" })
            );
            Assert.That(die.Constants.Select(c => c.Path), Does.Contain("technology.memory.rom_mb_per_mm2"));
            Assert.That(die.Constants.Select(c => c.Constant.Source), Is.All.Not.Empty);
            Assert.That(() => FigureCatalog.Named("beauty"), Throws.TypeOf<InputException>().With.Message.Contains("die_mm2"));
        });
    }

    [Test]
    public void The_catalog_lists_every_constant_once_and_replaces_by_path()
    {
        var technology = ShapePlan.Technology("n6");
        var list = ConstantCatalog.List(technology, "technology");
        var changed = ConstantCatalog.With(
            technology,
            "technology",
            new Dictionary<string, double>(StringComparer.Ordinal) { ["technology.energy.sram_pj_per_bit"] = 1.5 }
        );
        Assert.Multiple(() =>
        {
            Assert.That(list.Select(c => c.Path), Is.Unique);
            Assert.That(list, Has.Count.GreaterThan(50));
            Assert.That((double)changed.Energy.SramPjPerBit, Is.EqualTo(1.5));
            Assert.That((double)technology.Energy.SramPjPerBit, Is.EqualTo(0.133));
            Assert.That(changed.Wafer, Is.SameAs(technology.Wafer), "untouched parts are shared");
        });
    }

    [Test]
    public void The_same_design_in_a_denser_process_is_smaller_and_uses_less_energy()
    {
        var figures = new[] { "n16", "n12", "n7", "n6", "n5", "n3" }
            .Select(name => ChipEvaluation.Evaluate(Hc1.Value, ShapePlan.Technology(name), Prices, Service))
            .ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(figures.Select(f => f.DieMm2.Value), Is.Ordered.Descending);
            Assert.That(figures.Skip(1).Select(f => f.JoulesPerToken.Value), Is.Ordered.Descending);
        });
    }

    [TestCase("hc1-n5")]
    [TestCase("successor-20b")]
    [TestCase("edge")]
    [TestCase("demo")]
    public void A_fabric_that_does_not_exist_gives_sound_figures(string name)
    {
        var fabric = ShapePlan.Fabric(name);
        var model = name is "edge" or "demo"
            ? ShapePlan.Llama8B with
            {
                Layers = 8,
                EmbeddingLength = 512,
                Heads = 8,
                KvHeads = 2,
                HeadSize = 64,
                FeedForwardLength = 1536,
                VocabularySize = 8192,
            }
            : ShapePlan.Llama8B;
        var plan = ShapePlan.Of(model, fabric);
        var technology = ShapePlan.Technology(fabric.Technology);
        var figures = ChipEvaluation.Evaluate(EvaluationInput.Of(plan), technology, Prices, new ServiceShape(200, 200));
        foreach (var field in FigureCatalog.All)
            TestContext.Out.WriteLine(FormattableString.Invariant($"{name} {field.Key} {field.Read(figures):G5}"));
        Assert.Multiple(() =>
        {
            Assert.That(plan.SitesUsed, Is.LessThanOrEqualTo(plan.Sites));
            Assert.That(fabric.Published, Is.Null, "only the HC1 has been measured");
            Assert.That(figures.DieMm2.Value, Is.LessThan(858), "one exposure field");
            Assert.That(FigureCatalog.All.Select(f => f.Read(figures)), Is.All.Not.NaN.And.All.GreaterThanOrEqualTo(0));
            Assert.That(figures.ClockFraction, Is.EqualTo(1));
        });
    }
}
