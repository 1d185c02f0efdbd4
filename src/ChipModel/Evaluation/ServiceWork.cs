using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Evaluation;

/// <summary>Cycles and events of a service on a chip that no constant changes.</summary>
internal readonly record struct ServiceWork
{
    /// <summary>Cycles; null for models that do not decode token by token.</summary>
    public ServiceCycles? Cycles { get; private init; }

    /// <summary>Events of the mean answer token.</summary>
    public (double VectorOperations, double KvBits, double KvReadBits) AnswerEvents { get; private init; }

    /// <summary>Events of the mean prompt token.</summary>
    public (double VectorOperations, double KvBits, double KvReadBits) PromptEvents { get; private init; }

    /// <summary>Counts them.</summary>
    public static ServiceWork Of(EvaluationInput chip, ServiceShape service)
    {
        service.Check();
        return new()
        {
            Cycles = chip is { Causal: true, Patches: null } ? ServiceCycles.Of(chip.Schedule, service) : null,
            AnswerEvents = TokenActivity.AtContext(chip.Schedule, chip.PositionsOf(service).Seen),
            PromptEvents = TokenActivity.AtContext(chip.Schedule, PromptContext(service)),
        };
    }

    /// <summary>Positions that the mean prompt token sees.</summary>
    public static double PromptContext(ServiceShape service) => 0.5 * service.InputTokens;
}
