using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Power;
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

    private PowerBreakdown? _power;

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

    /// <summary>Area of one die by part.</summary>
    public AreaBreakdown Area() => DieArea.Of(Chip.Fabric, Technology);

    /// <summary>Power by part while the chip answers; evaluated once.</summary>
    public PowerBreakdown Power() =>
        _power ??= ChipEvaluation.Power(Chip, Technology, Service, _work ?? ServiceWork.Of(Chip, Service), _reading);

    /// <summary>Seconds of one cycle of the schedule, at the clock that heat and the behaviour in service leave, with the factor of the
    /// process's calibration.</summary>
    public double CycleSeconds() =>
        Technology.Calibration.Latency / (Chip.Fabric.Clock.Value * Figures().ClockFraction * (_reading?.ClockFraction ?? 1));

    /// <summary>All figures of the point; evaluated once.</summary>
    public ChipFigures Figures() =>
        _figures ??= _work is { } work
            ? ChipEvaluation.Evaluate(Chip, Technology, Prices, Service, work, _reading)
            : ChipEvaluation.Evaluate(Chip, Technology, Prices, Service);
}
