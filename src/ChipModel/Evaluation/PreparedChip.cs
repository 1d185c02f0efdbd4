using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Evaluation;

/// <summary>A chip plan with what every evaluation of it shares: phases and event counts. Made once per chip; evaluations then allocate nothing.</summary>
public sealed record PreparedChip
{
    /// <summary>Fabric whose clock and card figures are used; a draw may replace them, sizes must stay.</summary>
    public required FabricSpec Fabric { get; init; }

    /// <summary>Model name, for messages.</summary>
    public required string Model { get; init; }

    public required TokenSchedule Schedule { get; init; }

    public required TokenActivity Activity { get; init; }

    /// <summary>KV bits that one position leaves in layers that see everything.</summary>
    public required double KvBitsPerPosition { get; init; }

    /// <summary>KV bits per position of windowed layers, which keep the window alone.</summary>
    public required double WindowedKvBitsPerPosition { get; init; }

    /// <summary>Bytes of SRAM that adapters take from keys and values.</summary>
    public long AdapterBytes { get; init; }

    /// <summary>Sliding window in tokens; 0 for none.</summary>
    public required int Window { get; init; }

    /// <summary>Counts phases and events of a plan.</summary>
    public static PreparedChip Of(ChipPlan plan)
    {
        var schedule = BuildTokenSchedule.From(plan);
        double full = 0, windowed = 0;
        foreach (var stage in schedule.Stages)
            foreach (var phase in stage.Phases.Where(p => p.Name == "kv_write"))
            {
                if (stage.Phases.Any(p => p.Demands.Any(d => d.Window > 0)))
                    windowed += phase.Demands[0].Items;
                else
                    full += phase.Demands[0].Items;
            }

        return new PreparedChip
        {
            Fabric = plan.Fabric,
            Model = plan.Model.Name,
            Schedule = schedule,
            Activity = TokenActivity.Of(plan, schedule),
            KvBitsPerPosition = full,
            WindowedKvBitsPerPosition = windowed,
            Window = plan.Model.SlidingWindow,
            AdapterBytes = plan.AdapterBytes,
        };
    }

    /// <summary>KV bytes of one user who holds so many positions.</summary>
    public double KvBytes(double positions) =>
        ((KvBitsPerPosition * positions) + (WindowedKvBitsPerPosition * Math.Min(positions, Window > 0 ? Window : positions))) / 8;
}
