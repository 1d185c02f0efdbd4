using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Evaluation;

/// <summary>Fits each factor on one published figure of the fabric: rate, die area, card power. Nothing else is fitted anywhere in the
/// silicon model.</summary>
public static class FitCalibration
{
    /// <summary>Bounds of a factor: outside them the structure is wrong, not the scale.</summary>
    public const double Lowest = 0.5,
        Highest = 2;

    /// <summary>Fits the factors.</summary>
    /// <param name="plan">The published model on the published fabric.</param>
    /// <param name="technology">Process constants; their calibration is ignored.</param>
    /// <exception cref="InputException">The fabric has no published figures, or a factor falls outside its bounds.</exception>
    public static CalibrationFactors Fit(ChipPlan plan, TechnologySpec technology)
    {
        var fabric = plan.Fabric;
        if (fabric.Published is null)
            throw new InputException($"fabric {fabric.Name}: no 'published' figures to calibrate on");
        return Solve(EvaluationInput.Of(plan), technology, (name, rising, target) =>
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
    /// <param name="technology">Process constants; their calibration is ignored.</param>
    public static CalibrationFactors FitNearest(EvaluationInput anchor, TechnologySpec technology) =>
        Solve(anchor, technology, (_, rising, target) => Root(rising, target));

    private static CalibrationFactors Solve(
        EvaluationInput chip,
        TechnologySpec technology,
        Func<string, Func<double, double>, double, double> root
    )
    {
        var fabric = chip.Fabric;
        var published = fabric.Published!;
        var service = new ServiceShape(published.InputTokens, published.OutputTokens);
        var latency = root(
            "latency",
            f => -ClosedFormLatency.Figures(chip.Schedule, service, fabric.Clock, f).TokensPerSecondUser,
            -published.TokensPerSecondUser
        );
        var area = root("area", f => DieArea.Of(fabric, With(technology, latency, f, 1)).TotalMm2.Value, published.DieMm2);
        var die = DieArea.Of(fabric, With(technology, latency, area, 1));
        var power = root(
            "power",
            f =>
                CardPower
                    .At(
                        fabric,
                        With(technology, latency, area, f),
                        die,
                        chip.Activity,
                        chip.Schedule,
                        service.MeanContext,
                        published.TokensPerSecondUser
                    )
                    .TotalWatts.Value,
            published.CardWatts
        );
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
