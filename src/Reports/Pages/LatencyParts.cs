using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Charts;

namespace TaalasSim.Reports.Pages;

/// <summary>Splits the time of one token over the units of the fabric: per stage along its longest path, so that the parts add up to the
/// stage.</summary>
public static class LatencyParts
{
    /// <summary>One bar for each kind of stage; layers with the same phases are averaged, since only the ways over the network
    /// differ.</summary>
    /// <param name="chip">Chip.</param>
    /// <param name="positions">Attended positions of the token.</param>
    /// <param name="clock">Clock after heat has lowered it.</param>
    /// <param name="factor">Latency factor of the technology's calibration.</param>
    public static LatencyData Of(EvaluationInput chip, double positions, Hertz clock, double factor)
    {
        var stages = chip
            .Schedule.Stages.GroupBy(
                s => s.Layer < 0 ? s.Name : string.Join(' ', s.Phases.Select(p => p.Name).Where(n => n is not ("forward" or "die_link"))),
                StringComparer.Ordinal
            )
            .Select(alike => Mean([.. alike], positions, factor / clock.Value))
            .ToList();
        return new LatencyData
        {
            Title = FormattableString.Invariant($"Time of one token at {positions:N0} attended positions"),
            Stages = stages,
        };
    }

    /// <summary>A unit in words.</summary>
    public static string Name(FabricUnit unit) =>
        unit switch
        {
            FabricUnit.Bank => "ROM banks",
            FabricUnit.Reduction => "reduction",
            FabricUnit.Network => "network",
            FabricUnit.Vector => "vector lanes",
            FabricUnit.KvSram => "key and value memory",
            FabricUnit.Sampler => "sampler",
            FabricUnit.DieLink => "die-to-die link",
            FabricUnit.PackageLink => "link between packages",
            FabricUnit.Hbm => "HBM",
            _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "no name for this unit"),
        };

    private static LatencyStage Mean(IReadOnlyList<LayerSchedule> alike, double positions, double secondsPerCycle)
    {
        var parts = alike
            .SelectMany(s => CriticalPath.Of(s, positions))
            .GroupBy(p => p.Unit)
            .Select(g => new LatencyPart(Name(g.Key), g.Sum(p => p.Cycles) * secondsPerCycle / alike.Count));
        return new LatencyStage(alike.Count == 1 ? alike[0].Name : $"mean of {alike.Count} layers", [.. parts], alike.Count);
    }
}
