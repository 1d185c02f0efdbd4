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
public readonly record struct CalibrationFactors(double Latency, double Area, double Power);

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
        var published = plan.Fabric.Published
            ?? throw new InputException($"fabric {plan.Fabric.Name}: no 'published' figures to calibrate on");
        var schedule = BuildTokenSchedule.From(plan);
        var service = new ServiceShape(published.InputTokens, published.OutputTokens);
        var latency = Root("latency", f => -ClosedFormLatency.Figures(schedule, service, plan.Fabric.ClockGhz * 1e9, f).TokensPerSecondUser, -published.TokensPerSecondUser);
        var area = Root("area", f => DieArea.Of(plan.Fabric, With(technology, latency, f, 1)).TotalMm2, published.DieMm2);
        var die = DieArea.Of(plan.Fabric, With(technology, latency, area, 1));
        var activity = TokenActivity.Of(plan, schedule);
        var power = Root("power", f => CardPower.At(plan.Fabric, With(technology, latency, area, f), die, activity, schedule, service.MeanContext, published.TokensPerSecondUser).TotalWatts, published.CardWatts);
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

    // Bisection of a rising function to the last bit that matters.
    private static double Root(string name, Func<double, double> rising, double target)
    {
        var (low, high) = (Lowest, Highest);
        if (rising(low) > target || rising(high) < target)
            throw new InputException($"calibration: the {name} factor lies outside {Lowest}…{Highest} (model gives {rising(low):0.###} … {rising(high):0.###} for {target:0.###}); the structure is wrong, not the scale");
        for (var i = 0; i < 60; i++)
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
