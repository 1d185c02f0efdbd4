using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Compiler.Steps;
using TaalasSim.Runtime.Engine;
using TaalasSim.Runtime.Forecast;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Forecast;

/// <summary>Cycles, power and energy of forecasts by the published model on a chip.</summary>
[Category("Timing")]
public class SimulatedForecastTests
{
    private static readonly ChipPlan Plan = PlanOf(2);
    private static readonly EvaluationInput Chip = EvaluationInput.Of(Plan);
    private static readonly PatchShape Patches = Plan.Model.Patches!;
    private static readonly TechnologySpec Technology = TechnologyFile.Read(
        Shared.InRepo($"chips/technology/{Plan.Fabric.Technology}.yaml")
    );

    [Test]
    public void The_chip_holds_every_matrix_of_the_model_once()
    {
        // Query, key and value in one, output, up and down of 20 layers, and three residual blocks: 64, 1,280 and
        // 10,240 wide at their ends.
        const long d = 1280;
        var blocks = (2 * 64 * d) + (d * d) + (3 * d * d) + (d * d) + (2 * d * 8 * d);
        Assert.Multiple(() =>
        {
            Assert.That(Plan.Matrices.Sum(m => (long)m.Inputs * m.Outputs), Is.EqualTo((20 * 6 * d * d) + blocks));
            Assert.That(Plan.Matrices.Count(m => m.Layer < 0), Is.EqualTo(9));
            Assert.That(Plan.Matrices.Where(m => m.Layer < 0).Select(m => m.Role), Is.Unique);
        });
    }

    [Test]
    public void Steps_begin_behind_what_the_context_forecasts([Values(1, 4, 5, 8, 9)] int ahead) =>
        // (H − 1) div 128 for H = 32 · patches.
        Assert.That(Patches.Steps(ahead), Is.EqualTo(((32 * ahead) - 1) / 128));

    // A context, then a step of four patches behind one.
    [Test]
    public void A_pass_takes_as_long_as_the_event_engine_plays([Values(1, 2)] int series, [Values(2, 8, 32)] int context)
    {
        var chip = series == 2 ? Chip : EvaluationInput.Of(PlanOf(1));
        double Played(int tokens, int start) =>
            new EventEngine(new FlatSchedule(chip.Schedule), Workload.Users(series, new Request(0, tokens, 1, start))).Run().Cycles;
        var closed = PatchLatency.ContextCycles(chip.Schedule, chip.Patches!, context) - QuantilesBehindPoints(chip, context);
        Assert.Multiple(() =>
        {
            Assert.That(closed, Is.EqualTo(Played(context, 0)).Within(2).Percent);
            Assert.That(
                PatchLatency.StepCycles(chip.Schedule, chip.Patches!, context, 5),
                Is.EqualTo(Played(4, context)).Within(2).Percent
            );
        });
    }

    [Test]
    public void Further_steps_and_series_add_their_patches()
    {
        var one = Patches with { SeriesPerForecast = 1 };
        var stream = ClosedFormLatency.StreamCycles(Chip.Schedule, 0, 32);
        Assert.Multiple(() =>
        {
            Assert.That(
                PatchLatency.ContextCycles(Chip.Schedule, Patches, 32) - PatchLatency.ContextCycles(Chip.Schedule, one, 32),
                Is.EqualTo(stream).Within(1e-9).Percent
            );
            Assert.That(PatchLatency.StepCycles(Chip.Schedule, one, 32, 4), Is.Zero);
            Assert.That(
                PatchLatency.StepCycles(Chip.Schedule, one, 32, 9),
                Is.EqualTo(ClosedFormLatency.PassCycles(Chip.Schedule, 4, 32) + ClosedFormLatency.PassCycles(Chip.Schedule, 4, 36))
                    .Within(1e-9)
                    .Percent
            );
            Assert.That(
                PatchLatency.BusyCycles(Chip.Schedule, Patches, 32, 8),
                Is.EqualTo(2 * (stream + ClosedFormLatency.StreamCycles(Chip.Schedule, 32, 4))).Within(1e-9).Percent
            );
        });
    }

    [Test]
    public void Heads_are_read_by_the_tokens_whose_output_is_used()
    {
        // 2 series of 32 patches and one step of 4: 72 positions, 4 of which forecast points and 2 quantiles.
        var service = new ServiceShape(32, 8);
        var bits = Chip.ActivityOf(service).RomBits * 72;
        double Bits(Func<MatrixPlan, bool> which) =>
            Plan
                .Matrices.Where(which)
                .Sum(m => (double)m.Inputs * m.OutputSegments * m.BankColumns * CodeFormats.Named(m.Format).BitsPerWeight);
        var expected =
            (72 * Bits(m => m.Layer >= 0 || m.Role is MatrixRole.PatchHidden or MatrixRole.PatchSkip or MatrixRole.PatchOutput))
            + (4 * Bits(m => m.Role is MatrixRole.PointHidden or MatrixRole.PointSkip or MatrixRole.PointOutput))
            + (2 * Bits(m => m.Role is MatrixRole.QuantileHidden or MatrixRole.QuantileSkip or MatrixRole.QuantileOutput));
        Assert.Multiple(() =>
        {
            Assert.That(bits, Is.EqualTo(expected).Within(1e-9).Percent);
            Assert.That(Chip.ActivityOf(service).Logits, Is.Zero);
            Assert.That(Chip.PositionsOf(service), Is.EqualTo((9.0, 18.5)));
        });
    }

    [Test]
    public void A_forecast_and_a_comparison_have_the_same_time_and_energy()
    {
        var prices = YamlReader.Read<PriceBook>(Directory.GetFiles(Shared.InRepo("chips/prices"), "*.yaml").Max(StringComparer.Ordinal)!);
        var figures = ChipEvaluation.Evaluate(Chip, Technology, prices, new ServiceShape(32, 8));
        var forecast = SimulatedForecast.Of(Plan, Technology, contextPoints: 1024, points: 256, flip: true);
        Assert.Multiple(() =>
        {
            Assert.That(forecast.ForecastUs, Is.EqualTo(8e6 / figures.TokensPerSecondUser).Within(1e-9).Percent);
            Assert.That(forecast.JoulesPerForecast, Is.EqualTo(8 * figures.JoulesPerToken.Value).Within(1e-9).Percent);
            Assert.That(forecast.Steps, Is.EqualTo(1));
            Assert.That(
                SimulatedForecast.Of(Plan, Technology, 1000, 256, flip: true),
                Is.EqualTo(forecast),
                "a patch that is filled in part is a patch"
            );
            Assert.That(
                SimulatedForecast.Of(Plan, Technology, 1024, 256, flip: false).JoulesPerForecast,
                Is.LessThan(forecast.JoulesPerForecast)
            );
        });
    }

    [Test]
    public void Four_users_share_the_busiest_resource()
    {
        var one = Chip.Speed(new ServiceShape(32, 8), 1);
        var most = Chip.Speed(new ServiceShape(32, 8, 1000), 1);
        var busy = PatchLatency.BusyCycles(Chip.Schedule, Patches, 32, 8) / Plan.Fabric.Clock.Value;
        Assert.Multiple(() =>
        {
            Assert.That(most.TokensPerSecondTotal, Is.EqualTo(8 / busy).Within(1e-9).Percent);
            Assert.That(one.UsersToSaturate, Is.EqualTo(8 / one.TokensPerSecondUser / busy).Within(1e-9).Percent);
        });
    }

    [Test]
    public void An_explanation_follows_the_law_of_patches()
    {
        var prices = YamlReader.Read<PriceBook>(Directory.GetFiles(Shared.InRepo("chips/prices"), "*.yaml").Max(StringComparer.Ordinal)!);
        var study = new ChipUncertainty(Chip, Technology, prices, new ServiceShape(32, 8));
        var (rate, first) = (study.Explain(FigureCatalog.TokensPerSecondUser), study.Explain(FigureCatalog.TimeToFirstTokenUs));
        double Input(Explanation of, string name) => of.Inputs.Single(i => i.Name == name).Value;
        double Ghz(Explanation of) => Input(of, "clock") * Input(of, "clock_fraction") / Input(of, "latency_factor");
        Assert.Multiple(() =>
        {
            Assert.That(
                rate.Value,
                Is.EqualTo(8 * 1e9 * Ghz(rate) / (Input(rate, "context_cycles") + Input(rate, "step_cycles"))).Within(1e-9).Percent
            );
            Assert.That(first.Value, Is.EqualTo(1e-3 * Input(first, "context_cycles") / Ghz(first)).Within(1e-9).Percent);
        });
    }

    [Test]
    public void Both_series_keep_keys_and_values()
    {
        // 20 layers of 2 · 1,280 elements for each patch of each series.
        var bits = Plan.Fabric.Numerics.KvBits;
        Assert.That(Chip.KvBytes(10), Is.EqualTo(10 * 2 * 20 * 2 * 1280 * bits / 8.0));
    }

    private static double QuantilesBehindPoints(EvaluationInput chip, int context) =>
        Math.Max(0, chip.Schedule.Quantiles!.Cycles(context) - chip.Schedule.Output.Cycles(context));

    private static ChipPlan PlanOf(int series)
    {
        var shape = YamlReader.Read<ModelShape>(Shared.InRepo("chips/models/timesfm-2.5.yaml"));
        var options = new CompileOptions { Fabric = FabricFile.Read(Shared.InRepo("chips/fabrics/hc1.yaml")), Weights = "rom4" };
        using var model = SourceModel.Of(shape with { Patches = shape.Patches! with { SeriesPerForecast = series } }, options);
        return CompilerSteps.Run<PlacedDesign>(model).Placement.Plan;
    }
}
