using TaalasSim.ChipModel.Chip;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>A measurement bound to card, engine, model and service, ready to be predicted.</summary>
public sealed record GpuCase
{
    /// <summary>The row of the table.</summary>
    public required GpuMeasurement Measurement { get; init; }

    /// <summary>The card that the row names.</summary>
    public required GpuCard Card { get; init; }

    /// <summary>The inference engine that the row names.</summary>
    public required GpuEngine Engine { get; init; }

    /// <summary>The model that the row names.</summary>
    public required ModelShape Model { get; init; }

    /// <summary>Formats, parallelism, users and lengths, as numbers.</summary>
    public required GpuService Service { get; init; }

    /// <summary>What the figure measures.</summary>
    public required GpuQuantity Quantity { get; init; }

    private readonly GpuMachine?[] _machine = new GpuMachine?[1];

    /// <summary>Predicted quantity: seconds of a step, first token, prompt tokens per second and so on, in the row's own unit.</summary>
    public double Predict(GpuParameters parameters) => Predict(parameters.For(Engine));

    /// <summary>The same with the engine's parameters already resolved.</summary>
    public double Predict(GpuFactors factors)
    {
        var machine = _machine[0]?.With(factors) ?? new GpuMachine(GpuSpeeds.Of(Card), Engine, factors, Model, Service);
        _machine[0] ??= machine;
        return Predict(machine, factors);
    }

    /// <summary>The same on a card with other rates.</summary>
    public double Predict(GpuSpeeds speeds, GpuFactors factors) =>
        Predict(new GpuMachine(speeds, Engine, factors, Model, Service), factors);

    // Users of a closed loop beyond those that fit wait; a measured batch is taken at its word.
    private double Held(GpuMachine machine) =>
        Measurement.Arrival == "closed_loop" ? Math.Min(Service.Batch, Math.Max(1, machine.Admitted())) : Service.Batch;

    private double Predict(GpuMachine machine, GpuFactors factors)
    {
        var cards = Measurement.Cards;
        var replicas = Math.Max(1, cards / (Service.TensorParallel * Service.LayerSplit));
        var batch = Service.Batch;
        switch (Quantity)
        {
            case GpuQuantity.StepTime:
                return 1e3
                    * (
                        !Engine.InFlightBatching || batch <= 1 ? machine.DecodeStep()
                        : Measurement.Note.Contains("median", StringComparison.Ordinal) ? machine.MedianStep(batch)
                        : machine.SteadyStep(Held(machine))
                    ).Total;
            case GpuQuantity.UserRate:
                return 1 / machine.DecodeStep().Total;
            case GpuQuantity.DecodeRate:
                return replicas * batch / machine.DecodeStep().Total;
            case GpuQuantity.BatchRate:
                return Engine.InFlightBatching ? replicas * machine.SteadyThroughput(Held(machine)) : machine.StaticThroughput(batch);
            case GpuQuantity.BatchRatePerCard:
                return machine.StaticThroughput(batch) / cards;
            case GpuQuantity.Saturated:
                return factors.Busy * replicas * machine.SteadyThroughput(Math.Min(batch, machine.Admitted()));
            case GpuQuantity.SaturatedPerCard:
                return factors.Busy * replicas * machine.SteadyThroughput(Math.Min(batch, machine.Admitted())) / cards;
            case GpuQuantity.FirstToken:
                // Users who send together are served in turn: the mean of the first and the last. A batch run as one answers at its end.
                var last = machine.Prefill(Math.Max(1, batch));
                return (1e3 * (Engine.InFlightBatching ? (machine.Prefill(1) + last) / 2 : last)) + factors.FirstTokenMs;
            case GpuQuantity.FirstTokenOnline:
                return (1e3 * machine.FirstTokenClosed(batch)) + factors.FirstTokenMs;
            case GpuQuantity.PromptRate:
                return Service.InputTokens / machine.Prefill(1);
            case GpuQuantity.Power:
                return cards * machine.Watts(machine.SteadyStep(Math.Min(batch, Math.Max(1, machine.Admitted()))));
            case GpuQuantity.PowerPerCard:
                return machine.Watts(machine.SteadyStep(Math.Min(batch, Math.Max(1, machine.Admitted()))));
            default:
                throw new InvalidOperationException($"quantity {Quantity} has no prediction");
        }
    }
}
