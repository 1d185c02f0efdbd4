using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Gpu;
using TaalasSim.Support;

namespace TaalasSim.ChipModel.Tests.Gpu;

/// <summary>Forecasts by the published TimesFM 2.5 on a GPU.</summary>
[Category("Physics")]
internal sealed class ForecastOnGpuTests
{
    private static readonly ModelShape Model = YamlReader.Read<ModelShape>(Shared.InRepo("chips/models/timesfm-2.5.yaml"));

    private static PatchShape Patches => Model.Patches!;

    [Test]
    public void Every_matrix_is_multiplied_once()
    {
        var traffic = new ModelTraffic(Model);
        var weights = traffic.Matrices(1, WeightFormat.Named("bf16")).Sum(m => m.Columns * m.Depth * m.Count);
        Assert.Multiple(() =>
        {
            // All parameters but four norms and three vectors of a head in each layer, and the biases of the first block.
            Assert.That(weights, Is.EqualTo(231_289_280.0 - (20 * ((4 * 1280) + (3 * 80))) - (3 * 1280)));
            Assert.That(traffic.Resident, Is.EqualTo(weights));
        });
    }

    [Test]
    public void Steps_follow_the_pass_over_the_context()
    {
        var (one, two, nine) = (
            Machine(32, 4).Forecast(Patches, 1),
            Machine(32, 8).Forecast(Patches, 1),
            Machine(32, 36).Forecast(Patches, 1)
        );
        var passes = Machine(32, 4).ContextPass(2, null);
        Assert.Multiple(() =>
        {
            Assert.That(one.Total, Is.EqualTo(one.First));
            Assert.That(one.First, Is.GreaterThanOrEqualTo(passes.Total));
            Assert.That(two.First, Is.EqualTo(one.First));
            Assert.That(two.Total, Is.GreaterThan(two.First));
            // Eight steps instead of one, each a little longer for its context.
            Assert.That(nine.Total - nine.First, Is.InRange(8 * (two.Total - two.First), 8.5 * (two.Total - two.First)));
        });
    }

    [Test]
    public void Only_the_last_patch_of_a_series_meets_the_heads()
    {
        var table = new List<GpuKernel>();
        Machine(32, 4).ContextPass(2, table);
        Assert.Multiple(() =>
        {
            Assert.That(
                table.Where(k => k.Name.StartsWith("head", StringComparison.Ordinal)).Select(k => k.Shape),
                Has.All.StartsWith("2 x")
            );
            Assert.That(table.Single(k => k.Name == "patch").Shape, Is.EqualTo("64 x 1280 x 1280"));
        });
    }

    [Test]
    public void Forecasts_at_once_share_reads_until_arithmetic_binds()
    {
        var gpus = GpuFixture.Library;
        var (card, engine) = (gpus.Card("h200"), gpus.Engine("vllm"));
        var service = Service(32, 8);
        var alone = GpuReference.Evaluate(card, engine, Model, service, gpus.Calibration);
        var full = GpuReference.Saturated(card, engine, Model, service, gpus.Calibration);
        Assert.Multiple(() =>
        {
            Assert.That(full.TokensPerSecondTotal.Value, Is.GreaterThan(10 * alone.TokensPerSecondTotal.Value));
            Assert.That(full.TokensPerSecondUser.Value, Is.LessThan(alone.TokensPerSecondUser.Value));
            Assert.That(full.Watts.Value, Is.InRange(alone.Watts.Value, card.TdpW.Value));
            Assert.That(
                alone.TokensPerSecondUser.Value,
                Is.EqualTo(alone.TokensPerSecondTotal.Value).Within(1e-9).Percent,
                "one forecast after another"
            );
        });
    }

    [Test]
    public void One_series_holds_half_the_keys_and_values_of_two()
    {
        // So many that memory binds, not the engine's batch.
        var both = Machine(256, 256, 1e5).Admitted();
        var one = Machine(256, 256, 1e5, Model with { Patches = Patches with { SeriesPerForecast = 1 } }).Admitted();
        Assert.That(one, Is.EqualTo(2 * both).Within(1e-9).Percent);
    }

    private static GpuService Service(double input, double output) =>
        new()
        {
            WeightFormat = "bf16",
            KvFormat = "bf16",
            InputTokens = input,
            OutputTokens = output,
        };

    private static GpuMachine Machine(double input, double output, double largestBatch = 0, ModelShape? model = null)
    {
        var gpus = GpuFixture.Library;
        var engine = gpus.Engine("vllm");
        if (largestBatch > 0)
            engine = engine with { MaximumBatch = (int)largestBatch };
        var speeds = GpuSpeeds.Of(gpus.Card("h200"));
        return new GpuMachine(speeds, engine, gpus.Calibration.Values().For(engine), model ?? Model, Service(input, output));
    }
}
