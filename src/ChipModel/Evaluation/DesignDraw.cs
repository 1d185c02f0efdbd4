using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Evaluation;

/// <summary>A design point with its constants as one Monte Carlo draw (or the best estimate) has them.</summary>
/// <param name="Chip">The chip; its fabric carries the drawn constants.</param>
/// <param name="Technology">Process constants, calibrated on the anchor within the draw.</param>
/// <param name="Prices">Prices.</param>
/// <param name="Service">Lengths and users; never drawn.</param>
public sealed record DesignDraw(EvaluationInput Chip, TechnologySpec Technology, PriceBook Prices, ServiceShape Service)
{
    private readonly ServiceWork? _work;

    private readonly ServiceReading? _reading;

    private ChipFigures? _figures;

    // Draws of one design point share what no constant changes.
    internal DesignDraw(
        EvaluationInput chip,
        TechnologySpec technology,
        PriceBook prices,
        ServiceShape service,
        in ServiceWork work,
        ServiceReading? reading = null
    )
        : this(chip, technology, prices, service) => (_work, _reading) = (work, reading);

    // A changed copy has its own figures.
    private DesignDraw(DesignDraw other) => (Chip, Technology, Prices, Service) = other;

    /// <summary>All figures of the point; evaluated once.</summary>
    public ChipFigures Figures() =>
        _figures ??= _work is { } work
            ? ChipEvaluation.Evaluate(Chip, Technology, Prices, Service, work, _reading)
            : ChipEvaluation.Evaluate(Chip, Technology, Prices, Service);
}
