using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.ChipModel.Evaluation;

/// <summary>Fits the clock and two factors, each on one published figure of the fabric: rate, die area, card power. Nothing else is fitted
/// anywhere in the silicon model.</summary>
public static class FitCalibration
{
    /// <summary>Bounds of a factor: outside them the structure is wrong, not the scale.</summary>
    public const double Lowest = 0.5,
        Highest = 2;

    /// <summary>Fits clock and factors.</summary>
    /// <param name="plan">The published model on the published fabric.</param>
    /// <param name="technology">Process constants; their area and power factors are ignored.</param>
    /// <exception cref="InputException">The fabric has no published figures, a factor falls outside its bounds, or the process does not
    /// reach the clock.</exception>
    public static CalibrationFactors Fit(ChipPlan plan, TechnologySpec technology) => Fit(EvaluationInput.Of(plan), technology);

    /// <summary>Fits clock and factors of a prepared chip.</summary>
    /// <param name="chip">The published model on the published fabric.</param>
    /// <param name="technology">Process constants; their area and power factors are ignored.</param>
    /// <exception cref="InputException">As above.</exception>
    public static CalibrationFactors Fit(EvaluationInput chip, TechnologySpec technology)
    {
        var fabric = chip.Fabric;
        if (fabric.Published is null)
            throw new InputException($"fabric {fabric.Name}: no 'published' figures to calibrate on");
        var most = SupplyVoltage.MaximumClockGhz(technology.Supply);
        var clock = ClockGhz(chip, technology);
        if (clock > most)
            throw new InputException(
                $"calibration: the published rate needs a clock of {clock:0.###} GHz, above the {most:0.###} GHz of "
                    + $"{technology.Name}; the structure is wrong, not the clock"
            );
        return Solve(chip, technology, (name, rising, target) =>
            rising(Lowest) <= target && rising(Highest) >= target
                ? Root(rising, target)
                : throw new InputException(
                    $"calibration: the {name} factor lies outside {Lowest}…{Highest} (model gives {rising(Lowest):0.###} … "
                        + $"{rising(Highest):0.###} for {target:0.###}); the structure is wrong, not the scale"
                )
        );
    }

    /// <summary>The same without refusal: a factor outside its bounds stays at the bound. For Monte Carlo draws.</summary>
    /// <param name="anchor">Prepared chip whose fabric has published figures.</param>
    /// <param name="technology">Process constants; their area and power factors are ignored.</param>
    public static CalibrationFactors FitNearest(EvaluationInput anchor, TechnologySpec technology) =>
        Solve(anchor, technology, (_, rising, target) => Root(rising, target));

    private static CalibrationFactors Solve(
        EvaluationInput chip,
        TechnologySpec technology,
        Func<string, Func<double, double>, double, double> root
    )
    {
        var published = chip.Fabric.Published!;
        var clock = ClockGhz(chip, technology);
        var fabric = chip.Fabric with { ClockGhz = chip.Fabric.ClockGhz with { Value = clock } };
        var area = root("area", f => DieArea.Of(fabric, With(technology, f, 1)).TotalMm2.Value, published.DieMm2);
        var die = DieArea.Of(fabric, With(technology, area, 1));
        // The load of the published power: some users, each at the speed that one of them has.
        var load = new ServiceShape(published.CardInputTokens, published.CardOutputTokens);
        var speed = (chip with { Fabric = fabric }).Speed(load, technology.Calibration.Latency).TokensPerSecondUser;
        var power = root(
            "power",
            f =>
                CardPower
                    .At(fabric, With(technology, area, f), die, chip.Activity, chip.Schedule, load.MeanContext, published.CardUsers * speed)
                    .TotalWatts.Value,
            published.CardWatts
        );
        return new CalibrationFactors(clock, area, power);
    }

    // Cycles do not depend on the clock, so the rate is proportional to it.
    private static double ClockGhz(EvaluationInput chip, TechnologySpec technology)
    {
        var published = chip.Fabric.Published!;
        var service = new ServiceShape(published.InputTokens, published.OutputTokens);
        return published.TokensPerSecondUser
            / ClosedFormLatency.Figures(chip.Schedule, service, new Hertz(1e9), technology.Calibration.Latency).TokensPerSecondUser;
    }

    /// <summary>The same process with other factors of area and power.</summary>
    public static TechnologySpec With(TechnologySpec technology, double area, double power)
    {
        var now = technology.Calibration;
        return technology with
        {
            Calibration = now with { Area = now.Area with { Value = area }, Power = now.Power with { Value = power } },
        };
    }

    // Root of a rising function by false position with the Illinois rule; near-linear functions take a handful of steps. A target outside
    // the bounds stays at the bound.
    private static double Root(Func<double, double> rising, double target)
    {
        var (low, high) = (Lowest, Highest);
        var (below, above) = (rising(low) - target, rising(high) - target);
        if (below >= 0)
            return low;
        if (above <= 0)
            return high;
        var side = 0;
        for (var i = 0; i < 60; i++)
        {
            var x = high - (above * (high - low) / (above - below));
            var y = rising(x) - target;
            if (Math.Abs(y) <= 1e-13 * Math.Abs(target) || high - low <= 1e-13)
                return x;
            if (y < 0)
            {
                (low, below) = (x, y);
                above *= side < 0 ? 0.5 : 1;
                side = -1;
            }
            else
            {
                (high, above) = (x, y);
                below *= side > 0 ? 0.5 : 1;
                side = 1;
            }
        }

        return 0.5 * (low + high);
    }
}
