using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Charts;

namespace TaalasSim.Reports.Pages;

/// <summary>Where the time of a token, the silicon and the watts go, each part with its interval.</summary>
/// <param name="Time">Time of one token by unit of the fabric, µs.</param>
/// <param name="Area">Area of one die by part, mm².</param>
/// <param name="Power">Power of the card by part, W.</param>
public sealed record WhereItGoes(BreakdownData Time, BreakdownData Area, BreakdownData Power)
{
    /// <summary>The parts at a design point.</summary>
    /// <param name="study">The point with one user.</param>
    /// <param name="chip">Its chip.</param>
    /// <param name="service">Lengths of a request, one user.</param>
    /// <param name="draws">Draws behind the intervals; 0 for best estimates without intervals.</param>
    public static WhereItGoes Of(ChipUncertainty study, EvaluationInput chip, ServiceShape service, int draws)
    {
        var (area, power) = (default(AreaBreakdown).Parts, default(PowerBreakdown).Parts);
        List<Func<DesignDraw, double>> read = [d => d.CycleSeconds() * 1e6, d => d.Area().TotalMm2.Value, d => d.Power().TotalWatts.Value];
        read.AddRange(area.Select((_, i) => (Func<DesignDraw, double>)(d => d.Area().Parts[i].Area.Value)));
        read.AddRange(power.Select((_, i) => (Func<DesignDraw, double>)(d => d.Power().Parts[i].Power.Value)));
        var best = study.BestEstimate();
        var ranges = draws > 0 ? study.Intervals(read, draws) : [.. read.Select(r => UncertaintyRange.Exact(r(best)))];
        var cycles = Cycles(chip, service.MeanContext);
        return new WhereItGoes(
            new BreakdownData
            {
                Title = FormattableString.Invariant($"Time of one token at {service.MeanContext:N0} attended positions"),
                Total = ranges[0] * cycles.Sum(c => c.Cycles),
                Parts = [.. cycles.Select(c => new BreakdownPart(LatencyParts.Name(c.Unit), ranges[0] * c.Cycles))],
            },
            SiliconParts.Area([.. area.Zip(ranges.Skip(3), (p, r) => (p.Part, r))], chip.Fabric, ranges[1]),
            SiliconParts.Power([.. power.Zip(ranges.Skip(3 + area.Count), (p, r) => (p.Part, r))], ranges[2])
        );
    }

    // Cycles on the critical path of every stage that a token passes, by unit.
    private static IReadOnlyList<(FabricUnit Unit, double Cycles)> Cycles(EvaluationInput chip, double positions) =>
        [
            .. chip
                .Schedule.Stages.SelectMany(s => CriticalPath.Of(s, positions))
                .GroupBy(p => p.Unit)
                .Select(g => (g.Key, g.Sum(p => p.Cycles))),
        ];
}
