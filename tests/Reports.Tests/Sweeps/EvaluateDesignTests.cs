using System.Globalization;
using NUnit.Framework;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Compiler.Steps;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Sweeps;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Sweeps;

/// <summary>A sweep's short cuts against the way of <c>compare</c>: every description bound from its file, every chip placed
/// anew.</summary>
[TestFixture]
[Category("Physics")]
public sealed class EvaluateDesignTests
{
    private const string Hc1 = """
        name: t
        model: llama-3.2-1b
        fabric: hc1
        service: { input_tokens: 300, output_tokens: 100, users: 1 }
        vary:
        """;

    private static readonly DesignLibrary Library = new(Shared.InRepo("chips"));

    [TestCase(0)]
    [TestCase(20)]
    public void A_die_that_no_exposure_covers_does_not_fit(int draws)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("t.yaml", Hc1 + "\n  - { field: fabric.kv_sram.capacity_mb, values: [261, 2610] }\n");
        var spec = SweepFile.Read(path);
        using var evaluate = new EvaluateDesign(Library, spec, path, draws);
        Assert.Multiple(() =>
        {
            Assert.That(evaluate.Evaluate(SweepGrid.Point(spec, 0)).DoesNotFit, Is.Null);
            Assert.That(
                evaluate.Evaluate(SweepGrid.Point(spec, 1)).DoesNotFit,
                Does.Match("^a die of [0-9,]+ mm² exceeds the exposure field of n6, 858 mm²$")
            );
        });
    }

    [TestCase("hc1", false)]
    [TestCase("adder-network", true)]
    public void Figures_of_a_die_that_no_exposure_covers_say_so(string fabric, bool said)
    {
        var plan = DesignLibrary.Plan(Library.Shape("llama-3.1-8b"), Library.Fabric(fabric), "rom3");
        Assert.That(
            ModelAssumptions.Of(Library, plan, 1).Any(a => a.Contains("exceeds the exposure field", StringComparison.Ordinal)),
            Is.EqualTo(said)
        );
    }

    // Sizes, constants, formats, process and service; among them values that no chip can have, and more users than fit.
    [TestCase(
        "  - { field: fabric.vector.lanes, values: [8192, 7] }\n"
            + "  - { field: fabric.clock_ghz, values: [0.8, 40] }\n"
            + "  - { field: service.users, values: [1, 3, 500] }",
        20
    )]
    [TestCase(
        "  - { field: weights, values: [rom3, rom2] }\n"
            + "  - { field: technology.wafer.defects_per_cm2, values: [0.05, 0.2, -1] }\n"
            + "  - { field: service.input_tokens, values: [100, 900] }",
        20
    )]
    [TestCase(
        "  - { field: technology.energy.sram_pj_per_bit, values: [0.1] }\n"
            + "  - { field: fabric.card.overhead_watts, range: { from: 5, to: 20, steps: 3 } }\n"
            + "  - { field: fabric.numerics.kv_bits, values: [8, 4] }\n"
            + "  - { field: service.users, values: [1, 4] }",
        0
    )]
    [TestCase("  - { field: fabric.technology, values: [n6, n5] }\n  - { field: service.output_tokens, values: [10, 300] }", 20)]
    [TestCase(
        "  - { field: model, values: [llama-3.2-1b, qwen2.5-0.5b] }\n"
            + "  - { field: prices.electricity_usd_per_kwh, values: [0.05, 0.3, -1] }\n"
            + "  - { field: service.users, values: [1, 3] }",
        20
    )]
    [TestCase(
        "  - { field: fabric, values: [hc1, hc1-ternary] }\n"
            + "  - { field: chips, values: [1, 2, 0] }\n"
            + "  - { field: prices.service.utilisation, range: { from: 0.1, to: 0.9, steps: 3 } }",
        0
    )]
    public void Figures_are_those_of_a_point_alone(string vary, int draws)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("t.yaml", Hc1 + "\n" + vary + "\n");
        var spec = SweepFile.Read(path);
        using var evaluate = new EvaluateDesign(Library, spec, path, draws);
        var points = Enumerable.Range(0, SweepGrid.Count(spec)).Select(i => SweepGrid.Point(spec, i)).ToArray();
        var evaluated = 0;
        Assert.Multiple(() =>
        {
            // Backwards, so that what is shared comes from other points than in a sweep.
            foreach (var point in points.Reverse())
            {
                var expected = Alone(point, draws);
                SweepFigures? figures = null;
                try
                {
                    figures = evaluate.Evaluate(point);
                }
                catch (InputException) { }

                Assert.That(figures is null, Is.EqualTo(expected is null), $"{point.Index}: refused");
                if (figures is not { DoesNotFit: null } || expected is null)
                    continue;
                evaluated++;
                Assert.That(figures.IsBestEstimate, Is.EqualTo(draws == 0));
                var dies = point.FabricOverrides.TryGetValue("dies", out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : 1;
                Assert.That(figures.AreaMm2, Is.EqualTo(figures.DieMm2 * dies), $"{point.Index}: all dies");
                foreach (var (figure, range) in Ranges(figures))
                {
                    Same(range.Value, expected[figure].Value, $"{point.Index}: {figure.Key}");
                    Same(range.Low, expected[figure].Low, $"{point.Index}: {figure.Key}, low");
                    Same(range.High, expected[figure].High, $"{point.Index}: {figure.Key}, high");
                }
            }
        });
        Assert.That(evaluated, Is.GreaterThan(1));
    }

    [Test]
    public void A_point_on_a_gpu_has_the_figures_of_compare()
    {
        const int users = 8;
        using var evaluate = Sweep(
            "  - { field: system, values: [chip, h200] }\n  - { field: service.users, values: [1, 8, 100000] }",
            20,
            out var spec
        );
        var plan = DesignLibrary.Plan(Library.Shape("llama-3.2-1b"), Library.Fabric("hc1"), "rom3");
        var gpu = BuildComparison.From(Library, plan, ["h200"], 300, 100, users).Gpus[0];
        var (one, eight) = (evaluate.Evaluate(SweepGrid.Point(spec, 3)), evaluate.Evaluate(SweepGrid.Point(spec, 4)));
        Assert.Multiple(() =>
        {
            foreach (var (figures, expected) in new[] { (one, gpu.OneUser!), (eight, gpu.FullBatch!) })
            {
                Assert.That(figures.TokensPerSecondTotal, Is.EqualTo(expected.Figures[FigureCatalog.TokensPerSecondTotal]));
                Assert.That(figures.Watts, Is.EqualTo(expected.Figures[FigureCatalog.Watts]));
                Assert.That(figures.TimeToFirstTokenUs, Is.EqualTo(expected.Figures[FigureCatalog.TimeToFirstTokenUs]));
                Assert.That(figures.AreaMm2, Is.Null);
            }

            Assert.That(
                evaluate.Evaluate(SweepGrid.Point(spec, 5)).DoesNotFit,
                Does.StartWith("100000 users of 300 + 100 tokens; ").And.EndsWith("fit the memory of h200")
            );
        });
    }

    [Test]
    public void The_smallest_fabric_has_as_few_rows_as_hold_the_model()
    {
        using var evaluate = Sweep(
            "  - { field: weights, values: [rom3, rom4] }\n  - { field: fabric.bank.rows, values: [460, 512] }\n"
                + "  - { field: chips, values: [1, 3] }\nsize: smallest that fits",
            0,
            out var spec
        );
        Assert.Multiple(() =>
        {
            for (var i = 0; i < SweepGrid.Count(spec); i++)
            {
                var point = SweepGrid.Point(spec, i);
                var figures = evaluate.Evaluate(point);
                if (figures.DoesNotFit is not null)
                    continue;
                var rows = (int)figures.SiteRows!.Value;
                var fabric = Library.Fabric("hc1", new Dictionary<string, string> { ["bank.rows"] = point.Values[1]! }) with
                {
                    Dies = int.Parse(point.Values[2]!, CultureInfo.InvariantCulture),
                };
                Assert.That(Fits(fabric, rows, point.Weights), Is.True, $"{i}: {rows} rows");
                Assert.That(
                    rows == fabric.Sites.TileRows || !Fits(fabric, rows - 1, point.Weights),
                    Is.True,
                    $"{i}: fewer than {rows} rows"
                );
                Assert.That(rows, Is.LessThan(fabric.Sites.Rows));
                Assert.That(figures.SitesUsedFraction, Is.GreaterThan(0.5));
            }
        });

        static bool Fits(FabricSpec fabric, int rows, string weights)
        {
            using var model = SourceModel.Of(
                Library.Shape("llama-3.2-1b"),
                new CompileOptions { Fabric = fabric with { Sites = fabric.Sites with { Rows = rows } }, Weights = weights }
            );
            return CompilerSteps.Run<PlacedDesign>(model).Placement.Fits;
        }
    }

    [TestCase("fabric.dies", "0", "fabric.dies 0 must lie in 1 … 4096")]
    [TestCase("chips", "two", "fabric.dies: 'two' is not a whole number")]
    [TestCase("fabric.supply_volts", "50", "fabric.supply_volts 50 must lie in 0.1 … 10 V")]
    public void A_field_that_the_file_leaves_out_is_checked_like_the_others(string field, string value, string message)
    {
        using var evaluate = Sweep($"  - {{ field: {field}, values: [{value}] }}", 0, out var spec);
        Assert.That(
            () => evaluate.Evaluate(SweepGrid.Point(spec, 0)),
            Throws.TypeOf<InputException>().With.Message.Contains(":6: ").And.Message.Contains(message)
        );
    }

    private static EvaluateDesign Sweep(string vary, int draws, out SweepSpec spec)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("t.yaml", Hc1 + "\n" + vary + "\n");
        spec = SweepFile.Read(path, Library);
        return new EvaluateDesign(Library, spec, path, draws);
    }

    [TestCase(1)]
    [TestCase(19)]
    [TestCase(-1)]
    public void Too_few_draws_are_refused(int draws)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("t.yaml", Hc1 + "\n  - { field: service.users, values: [1] }\n");
        Assert.That(
            () => new EvaluateDesign(Library, SweepFile.Read(path), path, draws),
            Throws.TypeOf<InputException>().With.Message.Contains("draws make no interval")
        );
    }

    [Test]
    public void Large_sweeps_draw_nothing_by_themselves() =>
        Assert.That(new[] { 1, 10_000, 10_001 }.Select(DefaultDraws.For), Is.EqualTo(new[] { 60, 60, 0 }));

    private static IEnumerable<(FigureDefinition Figure, UncertaintyRange Range)> Ranges(SweepFigures figures) =>
        [
            (FigureCatalog.TokensPerSecondUser, figures.TokensPerSecondUser!.Value),
            (FigureCatalog.TokensPerSecondTotal, figures.TokensPerSecondTotal!.Value),
            (FigureCatalog.TimeToFirstTokenUs, figures.TimeToFirstTokenUs!.Value),
            (FigureCatalog.Watts, figures.Watts!.Value),
            (FigureCatalog.JoulesPerToken, figures.JoulesPerToken!.Value),
            (FigureCatalog.DieMm2, figures.DieMm2!.Value),
            (FigureCatalog.UsdPerMillionTokens, figures.UsdPerMillionTokens!.Value),
        ];

    private static void Same(double value, double expected, string what) =>
        Assert.That(value, Is.EqualTo(expected).Within(1e-12 * Math.Abs(expected)), what);

    // Null when the point is refused.
    private static Dictionary<FigureDefinition, UncertaintyRange>? Alone(DesignPoint point, int draws)
    {
        try
        {
            // Dies are no field of these files.
            var dies = point.FabricOverrides.TryGetValue("dies", out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : 1;
            var others = point.FabricOverrides.Where(o => o.Key != "dies").ToDictionary(o => o.Key, o => o.Value);
            var fabric = Library.Fabric(point.Fabric, others) with { Dies = dies };
            if (dies < 1)
                return null;
            var prices = Library.Prices(point.PriceOverrides);
            var technology = Library.Technology(fabric.Technology, point.TechnologyOverrides);
            var weights = point.Weights.Length > 0 ? point.Weights : fabric.DefaultWeights;
            var chip = EvaluationInput.Of(DesignLibrary.Plan(Library.Shape(point.Model), fabric, weights));
            var asked = point.Service;
            var service = new ServiceShape(asked.InputTokens, asked.OutputTokens, asked.Users);
            if (draws == 0)
            {
                var best = ChipEvaluation.Evaluate(chip, technology, prices, service);
                ChipModel.Power.SupplyVoltage.Check(fabric, technology);
                return FigureCatalog.All.ToDictionary(f => f, f => UncertaintyRange.Exact(f.Read(best)));
            }

            var anchor = point.TechnologyOverrides.Count == 0 ? Library.Anchor(fabric.Technology) : null;
            var study = new ChipUncertainty(chip, technology, prices, service, anchor).Run(draws, 1, withTornado: false);
            return FigureCatalog.All.ToDictionary(f => f, f => study[f].Interval);
        }
        catch (InputException)
        {
            return null;
        }
    }
}
