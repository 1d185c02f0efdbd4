using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Timing;

namespace TaalasSim.ChipModel.Evaluation;

/// <summary>A chip plan with what every evaluation of it shares: phases and event counts. Made once per chip; evaluations then allocate
/// nothing.</summary>
public sealed record EvaluationInput
{
    /// <summary>Fabric whose clock and card figures are used; a draw may replace them, sizes must stay.</summary>
    public required FabricSpec Fabric { get; init; }

    /// <summary>Model name, for messages.</summary>
    public required string Model { get; init; }

    /// <summary>Phases of the chip.</summary>
    public required TokenSchedule Schedule { get; init; }

    /// <summary>Events of one answer token.</summary>
    public required TokenActivity Activity { get; init; }

    /// <summary>The same for prompt tokens, which skip the output.</summary>
    public required TokenActivity PromptActivity { get; init; }

    /// <summary>False for diffusion models; see <see cref="CanvasLatency"/>.</summary>
    public required bool Causal { get; init; }

    /// <summary>Positions of a block of a model that is not causal; 0 for the whole canvas.</summary>
    public required int CanvasBlock { get; init; }

    /// <summary>Answer tokens that a step of a model that is not causal reveals.</summary>
    public required double TokensPerStep { get; init; }

    /// <summary>Sizes of a model of patches; null for other models.</summary>
    public PatchShape? Patches { get; init; }

    /// <summary>Events of the quantile head of a model of patches.</summary>
    public TokenActivity QuantileActivity { get; init; }

    /// <summary>Keys and values of one user over all layers, of both series where a forecast computes two; a whole canvas keeps
    /// those of one layer at a time.</summary>
    public required KvFootprint Kv { get; init; }

    /// <summary>Fraction of the layers on the die with the most layers (with tensor partition, on the group of dies), 0…1.</summary>
    public required double LayersOfBusiestDie { get; init; }

    /// <summary>Bytes of SRAM that adapters take from keys and values.</summary>
    public long AdapterBytes { get; init; }

    /// <summary>Counts phases and events of a plan.</summary>
    public static EvaluationInput Of(ChipPlan plan)
    {
        var schedule = BuildTokenSchedule.From(plan);
        double full = 0,
            windowed = 0;
        foreach (var stage in schedule.Stages)
        foreach (var phase in stage.Phases.Where(p => p.Name == "kv_write"))
        {
            if (stage.Phases.Any(p => p.Demands.Any(d => d.Window > 0)))
                windowed += phase.Demands[0].Items * schedule.DiesPerStage;
            else
                full += phase.Demands[0].Items * schedule.DiesPerStage;
        }

        var share = plan.Model is { Causal: false, CanvasBlock: 0 }
            ? plan.Model.Layers
            : 1.0 / (plan.Model.Patches?.SeriesPerForecast ?? 1);
        var layers = schedule.Stages.Where(s => s.Layer >= 0).ToArray();

        return new EvaluationInput
        {
            Fabric = plan.Fabric,
            Model = plan.Model.Name,
            Schedule = schedule,
            Activity = TokenActivity.Of(plan, schedule),
            PromptActivity = TokenActivity.Of(plan, schedule, withOutput: false),
            Causal = plan.Model.Causal,
            CanvasBlock = plan.Model.CanvasBlock,
            TokensPerStep = plan.Model.TokensPerStep,
            Patches = plan.Model.Patches,
            QuantileActivity = TokenActivity.OfQuantiles(plan),
            Kv = new KvFootprint(
                full / share,
                windowed / share,
                plan.Model.SlidingWindow,
                (double)plan.Model.StateElements * plan.Fabric.Numerics.VectorBits
            ),
            LayersOfBusiestDie = (double)layers.GroupBy(s => s.Die).Max(g => g.Count()) / layers.Length,
            AdapterBytes = plan.AdapterBytes,
        };
    }

    /// <summary>KV bytes of one user who holds this number of positions.</summary>
    public double KvBytes(double positions) => Kv.Bytes(positions);

    /// <summary>Users, each with this number of positions, whose keys and values the chip can hold.</summary>
    public double UsersHeld(double positions) =>
        KvBytes(positions) is > 0 and var bytes ? Math.Max(0, Fabric.KvCapacityBytes - AdapterBytes) / bytes : double.PositiveInfinity;

    /// <summary>Speeds of a service at the nominal clock.</summary>
    /// <param name="service">Lengths and users.</param>
    /// <param name="factor">Calibration factor on cycles.</param>
    public LatencyFigures Speed(ServiceShape service, double factor) =>
        Patches is { } patches ? PatchLatency.Figures(Schedule, patches, service, Fabric.Clock, factor, OffDieTiming(service))
        : Causal ? ClosedFormLatency.Figures(Schedule, service, Fabric.Clock, factor, OffDieTiming(service))
        : CanvasLatency.Figures(Schedule, service, Fabric.Clock, factor, OffDieTiming(service), CanvasBlock, TokensPerStep);

    /// <summary>Positions that the chip computes for one answer token, and how many each sees.</summary>
    public (double PerToken, double Seen) PositionsOf(ServiceShape service)
    {
        if (Patches is { } patches)
        {
            var (computed, seen) = PatchLatency.Positions(patches, service);
            return (computed / service.OutputTokens, seen);
        }

        return Causal
            ? (1, service.MeanContext)
            : (CanvasLatency.PositionsPerToken(CanvasBlock, TokensPerStep, service), CanvasLatency.Shape(CanvasBlock, service).Positions);
    }

    /// <summary>Events of one position that is computed for an answer.</summary>
    public TokenActivity ActivityOf(ServiceShape service)
    {
        if (Patches is { } patches)
        {
            var (computed, _) = PatchLatency.Positions(patches, service);
            var output = patches.SeriesPerForecast * (1.0 + patches.Steps(service.OutputTokens)) / computed;
            return PromptActivity
                .Times(1 - output)
                .Plus(Activity.Times(output))
                .Plus(QuantileActivity.Times(patches.SeriesPerForecast / computed));
        }

        return Causal
            ? Activity
            : Activity.Sharing(
                CanvasLatency.ReadsPerPosition(CanvasLatency.Shape(CanvasBlock, service).Canvas, Fabric.Bank.PositionsPerRead)
            );
    }

    /// <summary>Links between packages and HBM under a service, with the constants of a fabric of the same sizes.</summary>
    public OffDieTiming OffDieTiming(ServiceShape service) => Timing.OffDieTiming.Of(Fabric, Schedule, Kv, LayersOfBusiestDie, service);
}
