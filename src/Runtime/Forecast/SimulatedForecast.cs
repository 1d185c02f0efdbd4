using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Forecast;

/// <summary>What one forecast takes on the simulated chip, which does nothing else meanwhile.</summary>
/// <param name="ContextPatches">Patches of context that are computed.</param>
/// <param name="Steps">Steps of decoding behind the first output patch.</param>
/// <param name="Series">Series computed: 2 with the negated one.</param>
/// <param name="Cycles">Structural cycles.</param>
/// <param name="ForecastUs">Time at the clock that heat leaves, µs.</param>
/// <param name="Watts">Mean power of the card during the forecast, W.</param>
/// <param name="JoulesPerForecast">Energy of the card for it, J.</param>
public sealed record SimulatedForecast(
    int ContextPatches,
    int Steps,
    int Series,
    double Cycles,
    double ForecastUs,
    double Watts,
    double JoulesPerForecast
)
{
    /// <summary>Times a forecast by the closed form of <see cref="PatchLatency"/>, with the power of <see cref="CardPower"/>.</summary>
    /// <param name="plan">The chip.</param>
    /// <param name="technology">Process of its fabric.</param>
    /// <param name="contextPoints">Points of the series that the model saw, at least 1.</param>
    /// <param name="points">Points that were decoded, at least 1.</param>
    /// <param name="flip">Whether the negated series is forecast as well.</param>
    /// <exception cref="InputException">The image is of another kind of model.</exception>
    public static SimulatedForecast Of(ChipPlan plan, TechnologySpec technology, int contextPoints, int points, bool flip)
    {
        var own = plan.Model.Patches
            ?? throw new InputException($"{plan.Model.Name}: the image does not describe patches; compile the model again");
        var patches = own with { SeriesPerForecast = flip ? 2 : 1 };
        var chip = EvaluationInput.Of(plan with { Model = plan.Model with { Patches = patches } });
        var service = new ServiceShape(Patches(contextPoints), Patches(points));
        var speed = chip.Speed(service, technology.Calibration.Latency);
        var power = ChipEvaluation.Power(chip, technology, service);
        var seconds = service.OutputTokens / speed.TokensPerSecondUser / power.ClockFraction;
        return new SimulatedForecast(
            service.InputTokens,
            patches.Steps(service.OutputTokens),
            patches.SeriesPerForecast,
            PatchLatency.ContextCycles(chip.Schedule, patches, service.InputTokens)
                + PatchLatency.StepCycles(chip.Schedule, patches, service.InputTokens, service.OutputTokens),
            1e6 * seconds,
            power.TotalWatts.Value,
            power.TotalWatts.Value * seconds
        );

        int Patches(int count) => Math.Max(1, (int)((count + (long)own.InputPoints - 1) / own.InputPoints));
    }
}
