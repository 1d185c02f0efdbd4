using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>The GPU a chip is compared with: rates, latency, power and energy of a service, with the intervals of cross-validation
/// (<c>docs/gpu-model.md</c>).</summary>
public static class GpuReference
{
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

    /// <summary>The kernels of one step of a service in the order of their work, with the prompts that replace finished
    /// sequences; of a model of patches those of the pass over the contexts.</summary>
    public static IReadOnlyList<GpuKernel> Kernels(
        GpuCard card,
        GpuEngine engine,
        ModelShape model,
        GpuService service,
        GpuCalibration calibration
    )
    {
        var machine = Best(card, engine, model, service, calibration);
        var prompts = service.Batch > 1 && engine.InFlightBatching ? service.Batch / Math.Max(1, service.OutputTokens) : 0;
        var table = new List<GpuKernel>();
        if (model.Patches is { } patches)
        {
            machine.ContextPass(service.Batch * patches.SeriesPerForecast, table);
            return table;
        }

        machine.Step(service.Batch, service.MeanContext, prompts * service.InputTokens, service.InputTokens / 2, prompts, table);
        return table;
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
        var (knownCard, knownModel) = (calibration.Knows(card), calibration.Knows(model));
        var ends = knownCard ? [] : GpuSpread.Ends(card).Select(s => Figures(s, engine, factors, model, service, saturated)).ToList();
        double Width(
            string kind,
            Func<(double User, double Total, double FirstToken, double Watts, double Admitted, GpuStep Step), double> of
        )
        {
            var own = calibration.HalfWidth((model.Experts > 0 ? "mixture_" : "") + kind, knownCard, knownModel);
            return Math.Sqrt((own * own) + ends.Sum(e => Math.Pow(Math.Log(of(e) / of(best)), 2)));
        }

        var step = saturated ? "saturated" : FitGpu.StepKind(service.Batch);
        var cards = service.TensorParallel * service.LayerSplit;
        var (total, watts) = (Width(step, f => f.Total), Width("power", f => f.Watts));
        var (most, least) = (cards * card.TdpW.High, cards * Math.Min(card.IdleW.Low, best.Watts / cards));
        var usd = 1e6 * cards * card.RentUsdPerHour.Value / 3600 / best.Total;
        return new GpuView
        {
            Batch = service.Batch,
            TokensPerSecondUser = Spread(best.User, Width(step, f => f.User)),
            TokensPerSecondTotal = Spread(best.Total, total),
            TimeToFirstTokenSeconds = Spread(best.FirstToken, Width("prefill", f => f.FirstToken)),
            Watts = new UncertaintyRange(
                best.Watts,
                Math.Max(least, best.Watts * Math.Exp(-watts)),
                Math.Max(best.Watts, Math.Min(most, best.Watts * Math.Exp(watts)))
            ),
            JoulesPerToken = Spread(best.Watts / best.Total, Hypot(total, watts)),
            UsdPerMillionTokens = new UncertaintyRange(
                usd,
                usd * Math.Exp(-Hypot(total, Math.Log(card.RentUsdPerHour.Value / card.RentUsdPerHour.Low))),
                usd * Math.Exp(Hypot(total, Math.Log(card.RentUsdPerHour.High / card.RentUsdPerHour.Value)))
            ),
            Admitted = best.Admitted,
            BindingLimit = saturated && best.Admitted < engine.MaximumBatch ? "memory capacity, then " + best.Step.Limit : best.Step.Limit,
            Step = best.Step,
        };
    }

    private static double Hypot(double a, double b) => Math.Sqrt((a * a) + (b * b));

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
        var cards = service.TensorParallel * service.LayerSplit;
        if (model.Patches is { } patches)
        {
            var (untilFirst, seconds, watts, longest) = machine.Forecast(patches, batch);
            var rate = (saturated ? factors.Busy : 1) * service.OutputTokens / seconds;
            return (rate, batch * rate, untilFirst + (1e-3 * factors.FirstTokenMs), cards * watts, machine.Admitted(), longest);
        }

        var step = batch > 1 && engine.InFlightBatching ? machine.SteadyStep(batch) : machine.DecodeStep();
        var busy = saturated ? factors.Busy : 1;
        var total = batch <= 1 || !engine.InFlightBatching ? machine.StaticThroughput(batch) : busy * machine.SteadyThroughput(batch);
        var first = batch > 1 ? machine.FirstTokenOnline(batch) : machine.Prefill(1);
        return (busy / step.Total, total, first + (1e-3 * factors.FirstTokenMs), cards * machine.Watts(step), machine.Admitted(), step);
    }

    private static UncertaintyRange Spread(double value, double width) => new(value, value * Math.Exp(-width), value * Math.Exp(width));
}
