using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>The GPU a chip is compared with: rates, latency, power and energy of a service, with intervals from a seeded Monte
/// Carlo.</summary>
public static class GpuReference
{
    private const int Draws = 400;
    private const int Seed = 20_260_101;
    private const double NinetyPercent = 1.645;

    /// <summary>A service at the batch it states.</summary>
    /// <exception cref="InputException">The weights, or the batch with its contexts, do not fit the cards.</exception>
    public static GpuView Evaluate(GpuCard card, GpuEngine engine, ModelShape model, GpuService service, GpuCalibration calibration)
    {
        var admitted = Best(card, engine, model, service, calibration).Admitted();
        if (admitted < service.Batch)
        {
            throw new InputException(
                $"{card.Name}: {model.Name} in {service.WeightFormat} with {service.Batch:0.#} users at "
                    + $"{service.InputTokens:0}/{service.OutputTokens:0} tokens needs more memory than "
                    + $"{service.TensorParallel * service.LayerSplit} card(s) have ({admitted:0.#} users fit); use fewer users, more "
                    + "cards or a narrower format"
            );
        }

        return View(card, engine, model, service, calibration, saturated: false);
    }

    /// <summary>The same service with as many users as fit: the fully batched view.</summary>
    /// <exception cref="InputException">The weights and one sequence do not fit the cards.</exception>
    public static GpuView Saturated(GpuCard card, GpuEngine engine, ModelShape model, GpuService service, GpuCalibration calibration)
    {
        var admitted = Best(card, engine, model, service, calibration).Admitted();
        if (admitted < 1)
            throw new InputException(
                $"{card.Name}: {model.Name} in {service.WeightFormat} and one sequence do not fit "
                    + $"{service.TensorParallel * service.LayerSplit} card(s); use more cards or a narrower format"
            );
        return View(card, engine, model, service with { Batch = admitted }, calibration, saturated: true);
    }

    private static GpuMachine Best(GpuCard card, GpuEngine engine, ModelShape model, GpuService service, GpuCalibration calibration) =>
        new(GpuSpeeds.Of(card), engine, calibration.Values().For(engine), model, service);

    private static GpuView View(
        GpuCard card,
        GpuEngine engine,
        ModelShape model,
        GpuService service,
        GpuCalibration calibration,
        bool saturated
    )
    {
        var factors = calibration.Values().For(engine);
        var best = Figures(GpuSpeeds.Of(card), engine, factors, model, service, saturated);
        var rent = card.RentUsdPerHour;
        var known =
            calibration.Cards.Contains(card.Name, StringComparer.Ordinal)
            && calibration.Models.Contains(model.Name, StringComparer.Ordinal);
        // A card or model outside the calibration set scatters more (docs/gpu-model.md, cross-validation).
        var widen = known ? 1 : 1.5;
        var random = new Random(Seed);
        var samples = new double[6][];
        for (var k = 0; k < samples.Length; k++)
            samples[k] = new double[Draws];
        for (var i = 0; i < Draws; i++)
        {
            var parameters = new GpuParameters(calibration.Parameters.Select(p => KeyValuePair.Create(p.Key, Draw(p.Value))));
            var drawn = Figures(GpuSpeeds.Of(card, Draw), engine, parameters.For(engine), model, service, saturated);
            var step = Math.Exp(Normal() * widen * calibration.Residual(saturated ? "saturated" : "step"));
            var prefill = Math.Exp(Normal() * widen * calibration.Residual("prefill"));
            var power = Math.Exp(Normal() * widen * calibration.Residual("power"));
            var cards = service.TensorParallel * service.LayerSplit;
            var user = drawn.User * step;
            var total = drawn.Total * step;
            var watts = Math.Min(drawn.Watts * power, cards * card.TdpW.High);
            samples[0][i] = user;
            samples[1][i] = total;
            samples[2][i] = drawn.FirstToken * prefill;
            samples[3][i] = watts;
            samples[4][i] = watts / total;
            samples[5][i] = 1e6 * cards * Draw(rent) / 3600 / total;
        }

        return new GpuView
        {
            Batch = service.Batch,
            TokensPerSecondUser = Spread(best.User, samples[0]),
            TokensPerSecondTotal = Spread(best.Total, samples[1]),
            TimeToFirstTokenSeconds = Spread(best.FirstToken, samples[2]),
            Watts = Spread(best.Watts, samples[3]),
            JoulesPerToken = Spread(best.Watts / best.Total, samples[4]),
            UsdPerMillionTokens = Spread(1e6 * service.TensorParallel * service.LayerSplit * rent.Value / 3600 / best.Total, samples[5]),
            Admitted = best.Admitted,
            BindingLimit = saturated && best.Admitted < engine.MaximumBatch ? "memory capacity, then " + best.Step.Limit : best.Step.Limit,
            Step = best.Step,
        };

        // Intervals are 5 % to 95 %; each side has its own width.
        double Draw(Constant c)
        {
            var z = Normal();
            var side = z < 0 ? c.Value - c.Low : c.High - c.Value;
            var drawn = c.Value + (z * side / NinetyPercent);
            return Math.Max(drawn, c.Low * 0.5);
        }

        // Box–Muller; 1 − u keeps the logarithm finite.
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    private static (double User, double Total, double FirstToken, double Watts, double Admitted, GpuStep Step) Figures(
        GpuSpeeds speeds,
        GpuEngine engine,
        GpuFactors factors,
        ModelShape model,
        GpuService service,
        bool saturated
    )
    {
        var machine = new GpuMachine(speeds, engine, factors, model, service);
        var batch = service.Batch;
        var step = batch > 1 && engine.InFlightBatching ? machine.SteadyStep(batch) : machine.DecodeStep();
        var busy = saturated ? factors.Busy : 1;
        var total = batch <= 1 || !engine.InFlightBatching ? machine.StaticThroughput(batch) : busy * machine.SteadyThroughput(batch);
        var first = batch > 1 ? machine.FirstTokenOnline(batch) : machine.Prefill(1);
        var cards = service.TensorParallel * service.LayerSplit;
        return (busy / step.Total, total, first + (1e-3 * factors.FirstTokenMs), cards * machine.Watts(step), machine.Admitted(), step);
    }

    private static UncertaintyRange Spread(double value, double[] samples)
    {
        Array.Sort(samples);
        var low = samples[(int)(0.05 * (samples.Length - 1))];
        var high = samples[(int)(0.95 * (samples.Length - 1))];
        return new UncertaintyRange(value, Math.Min(low, value), Math.Max(high, value));
    }
}
