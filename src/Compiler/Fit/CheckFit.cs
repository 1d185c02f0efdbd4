using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.Technology;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Placement;

namespace TaalasSim.Compiler.Fit;

/// <summary>Says what fits, what does not, which resource binds, and which single change would make it fit.</summary>
public static class CheckFit
{
    /// <summary>Checks a placed model.</summary>
    /// <param name="placed">Placement, which may need more sites than there are.</param>
    /// <param name="graph">Model.</param>
    /// <param name="formats">Code formats of the matrices.</param>
    /// <param name="context">Tokens that one user must be able to hold.</param>
    /// <param name="users">Users at once.</param>
    /// <param name="technology">Process, for the size of the die against the exposure field; null leaves that out.</param>
    public static FitReport Of(
        PlacedModel placed,
        ModelGraph graph,
        IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> formats,
        int context,
        int users,
        TechnologySpec? technology = null
    )
    {
        var fabric = placed.Plan.Fabric;
        var report = new FitReport
        {
            Resources = Resources(fabric, graph.Shape, placed.SitesNeeded, context, users, technology, placed.Plan.AdapterBytes),
            Changes = [],
        };
        if (report.Fits)
            return report with { HeadRoom = [.. HeadRoom(report, fabric, graph.Shape, context, users, placed.Plan.AdapterBytes)] };
        return report with
        {
            Changes = FitChanges.Of(
                report,
                new FitCase(graph, fabric, formats, placed.SitesNeeded, context, users, technology, placed.Plan.AdapterBytes)
            ),
        };
    }

    /// <summary>Bytes of keys and values that one token adds, over all layers with attention.</summary>
    /// <remarks>A model that computes its whole canvas in every step keeps those of one layer at a time; a forecast keeps those of all
    /// series that are computed for it.</remarks>
    public static double KvBytesPerToken(ModelShape shape, int kvBits) =>
        (double)(shape is { Causal: false, CanvasBlock: 0 } ? shape.KvElementsOf(0) : shape.KvElements)
        * (shape.Patches?.SeriesPerForecast ?? 1)
        * kvBits
        / 8;

    /// <summary>Bytes of state that one user keeps, whatever the context.</summary>
    public static double StateBytes(ModelShape shape, FabricSpec fabric) => (double)shape.StateElements * fabric.Numerics.VectorBits / 8;

    /// <summary>Longest context in tokens that each of this number of users can hold: bounded by the model, the card and the KV memory; at
    /// least 1.</summary>
    /// <param name="shape">Model.</param>
    /// <param name="fabric">Fabric.</param>
    /// <param name="users">Users at once.</param>
    /// <param name="adapterBytes">SRAM that adapters take away.</param>
    public static int LongestContext(ModelShape shape, FabricSpec fabric, int users, long adapterBytes = 0)
    {
        var kv = KvBytesPerToken(shape, fabric.Numerics.KvBits) * users;
        var free = fabric.KvCapacityBytes - adapterBytes - (StateBytes(shape, fabric) * users);
        var held = kv > 0 ? Math.Max(0, free) / kv : int.MaxValue;
        return (int)Math.Max(1, Math.Min(held, Math.Min(shape.ContextLength, fabric.Card.MaximumContext)));
    }

    internal static IReadOnlyList<ResourceUse> Resources(
        FabricSpec fabric,
        ModelShape shape,
        long sitesNeeded,
        int context,
        int users,
        TechnologySpec? technology,
        long adapterBytes
    )
    {
        var sites = (long)fabric.Sites.PerDie * fabric.Dies;
        var list = new List<ResourceUse>
        {
            new(
                "bank sites",
                "sites",
                sitesNeeded,
                sites,
                "each matrix in pieces of bank.rows × bank columns of its format, each layer on one die; sites.columns × sites.rows × dies"
            ),
            new(
                fabric.Hbm is null ? "KV SRAM" : "KV SRAM and HBM",
                "bytes",
                ((KvBytesPerToken(shape, fabric.Numerics.KvBits) * context) + StateBytes(shape, fabric)) * users,
                Math.Max(0, fabric.KvCapacityBytes - adapterBytes),
                $"bytes of keys and values a token × context{(shape.IsRecurrent ? " and bytes of state," : "")} × users; "
                    + "(kv_sram.capacity_mb + hbm stacks) × dies less adapters"
            ),
            new("user slots", "users", users, fabric.Card.UserSlots, "users; card.user_slots"),
            new(
                "context",
                "tokens",
                context,
                Math.Min(fabric.Card.MaximumContext, shape.ContextLength),
                "context; the lesser of card.maximum_context and what the model was trained for"
            ),
        };
        if (adapterBytes > 0)
            list.Add(
                new(
                    FitReport.AdapterSram,
                    "bytes",
                    adapterBytes,
                    fabric.KvSram.CapacityMb * 1e6 * fabric.Dies,
                    "bytes of A and B of every adapter; kv_sram.capacity_mb × dies"
                )
            );
        if (technology is not null && !fabric.System.WaferScale)
            list.Add(
                new(
                    FitReport.DieArea,
                    "mm2",
                    DieArea.Of(fabric, technology).TotalMm2.Value,
                    technology.Wafer.ReticleWidthMm * technology.Wafer.ReticleHeightMm,
                    "area of one die from its parts; exposure field"
                )
            );
        return list;
    }

    private static IEnumerable<string> HeadRoom(
        FitReport report,
        FabricSpec fabric,
        ModelShape shape,
        int context,
        int users,
        long adapterBytes
    )
    {
        var sites = report.Resources[0];
        yield return FormattableString.Invariant(
            $"{sites.Left:0} sites: {100 * sites.Left / Math.Max(1, sites.Used):0.#} % more weights in these formats"
        );
        var kv = KvBytesPerToken(shape, fabric.Numerics.KvBits);
        var most = (int)
            Math.Min(
                fabric.Card.UserSlots,
                kv > 0
                    ? Math.Floor(Math.Max(0, fabric.KvCapacityBytes - adapterBytes) / ((kv * context) + StateBytes(shape, fabric)))
                    : int.MaxValue
            );
        yield return FormattableString.Invariant($"{most} users at {context} tokens");
        yield return FormattableString.Invariant(
            $"{LongestContext(shape, fabric, users, adapterBytes)} tokens for each of {users} user(s)"
        );
    }
}
