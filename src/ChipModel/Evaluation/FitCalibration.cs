using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Evaluation;

/// <summary>The three factors that make the structural model meet the published figures of one chip.</summary>
/// <param name="Latency">On cycles.</param>
/// <param name="Area">On bank area.</param>
/// <param name="Power">On switching energy.</param>
public readonly record struct CalibrationFactors(double Latency, double Area, double Power)
{
    /// <summary>Whether every factor lies inside the bounds rather than on one.</summary>
    public bool WithinBounds => Inside(Latency) && Inside(Area) && Inside(Power);

    private static bool Inside(double factor) => factor > FitCalibration.Lowest + 1e-9 && factor < FitCalibration.Highest - 1e-9;
}

/// <summary>Fits each factor on one published figure of the fabric: rate, die area, card power. Nothing else is fitted anywhere in the silicon model.</summary>
public static class FitCalibration
{
    /// <summary>Bounds of a factor: outside them the structure is wrong, not the scale.</summary>
    public const double Lowest = 0.5, Highest = 2;

    /// <summary>Fits the factors.</summary>
    /// <param name="plan">The published model on the published fabric.</param>
    /// <param name="technology">Process constants; their calibration is ignored.</param>
    /// <exception cref="InputException">The fabric has no published figures, or a factor falls outside its bounds.</exception>
    public static CalibrationFactors Fit(ChipPlan plan, TechnologySpec technology)
    {
        var fabric = plan.Fabric;
        if (fabric.Published is null)
            throw new InputException($"fabric {fabric.Name}: no 'published' figures to calibrate on");
        return Solve(PreparedChip.Of(plan), technology, (name, rising, target) =>
            rising(Lowest) <= target && rising(Highest) >= target
                ? Root(rising, target)
                : throw new InputException($"calibration: the {name} factor lies outside {Lowest}…{Highest} (model gives {rising(Lowest):0.###} … {rising(Highest):0.###} for {target:0.###}); the structure is wrong, not the scale"));
    }

    /// <summary>The same without refusal: a factor outside its bounds stays at the bound. For Monte Carlo draws.</summary>
    /// <param name="anchor">Prepared chip whose fabric has published figures.</param>
    /// <param name="technology">Process constants; their calibration is ignored.</param>
    public static CalibrationFactors FitNearest(PreparedChip anchor, TechnologySpec technology) => Solve(anchor, technology, (_, rising, target) => Root(rising, target));

    private static CalibrationFactors Solve(PreparedChip chip, TechnologySpec technology, Func<string, Func<double, double>, double, double> root)
    {
        var fabric = chip.Fabric;
        var published = fabric.Published!;
        var service = new ServiceShape(published.InputTokens, published.OutputTokens);
        var latency = root("latency", f => -ClosedFormLatency.Figures(chip.Schedule, service, fabric.ClockGhz * 1e9, f).TokensPerSecondUser, -published.TokensPerSecondUser);
        var area = root("area", f => DieArea.Of(fabric, With(technology, latency, f, 1)).TotalMm2, published.DieMm2);
        var die = DieArea.Of(fabric, With(technology, latency, area, 1));
        var power = root("power", f => CardPower.At(fabric, With(technology, latency, area, f), die, chip.Activity, chip.Schedule, service.MeanContext, published.TokensPerSecondUser).TotalWatts, published.CardWatts);
        return new CalibrationFactors(latency, area, power);
    }

    /// <summary>The same process with other factors.</summary>
    public static TechnologySpec With(TechnologySpec technology, double latency, double area, double power)
    {
        var now = technology.Calibration;
        return technology with
        {
            Calibration = new CalibrationConstants
            {
                Latency = now.Latency with { Value = latency },
                Area = now.Area with { Value = area },
                Power = now.Power with { Value = power },
            },
        };
    }

    // Bisection of a rising function; 40 halvings leave 1.4e-12 of the bounds' distance.
    private static double Root(Func<double, double> rising, double target)
    {
        var (low, high) = (Lowest, Highest);
        for (var i = 0; i < 40; i++)
        {
            var middle = 0.5 * (low + high);
            if (rising(middle) < target)
                low = middle;
            else
                high = middle;
        }

        return 0.5 * (low + high);
    }
}
