using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.MaskLayers;
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
    public static FitReport Of(PlacedModel placed, ModelGraph graph, IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> formats, int context, int users)
    {
        var fabric = placed.Plan.Fabric;
        var kvNeeded = KvBytesPerToken(graph.Shape, fabric.Numerics.KvBits) * (double)context * users;
        var kvAvailable = placed.Plan.KvSramBytes;
        List<ResourceUse> resources =
        [
            new("bank sites", "sites", placed.SitesNeeded, placed.Plan.Sites),
            new("KV SRAM", "bytes", graph.Shape.Causal ? kvNeeded : 0, kvAvailable),
            .. (placed.Plan.Adapters.Count > 0 ? new[] { new ResourceUse("adapter SRAM", "bytes", placed.Plan.AdapterBytes, fabric.KvSram.CapacityMb * 1e6 * fabric.Dies) } : []),
            new("user slots", "users", users, fabric.Card.UserSlots),
            new("context", "tokens", context, Math.Min(fabric.Card.MaximumContext, graph.Shape.ContextLength)),
        ];
        var report = new FitReport { Resources = resources, Changes = [] };
        return report.Fits ? report : report with { Changes = [.. Changes(report, placed, graph, formats, context, users)] };
    }

    /// <summary>Bytes of keys and values that one token adds, over all layers.</summary>
    public static double KvBytesPerToken(ModelShape shape, int kvBits) =>
        shape.Causal
            ? (double)shape.Layers * (shape.KvLatentRank > 0 ? shape.KvLatentRank + shape.RopeHeadSize : shape.KvHeads * (shape.HeadSize + shape.EffectiveValueHeadSize)) * kvBits / 8
            : 0;

    /// <summary>Longest context in tokens that each of so many users can hold: bounded by the model, the card and the KV SRAM; at least 1.</summary>
    /// <param name="shape">Model.</param>
    /// <param name="fabric">Fabric.</param>
    /// <param name="users">Users at once.</param>
    /// <param name="adapterBytes">SRAM that adapters take away.</param>
    public static int LongestContext(ModelShape shape, FabricSpec fabric, int users, long adapterBytes = 0)
    {
        var kv = KvBytesPerToken(shape, fabric.Numerics.KvBits) * users;
        var held = kv > 0 ? Math.Max(0, (fabric.KvSram.CapacityMb * 1e6 * fabric.Dies) - adapterBytes) / kv : int.MaxValue;
        return (int)Math.Max(1, Math.Min(held, Math.Min(shape.ContextLength, fabric.Card.MaximumContext)));
    }

    private static IEnumerable<string> Changes(FitReport report, PlacedModel placed, ModelGraph graph, IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> formats, int context, int users)
    {
        var fabric = placed.Plan.Fabric;
        foreach (var over in report.Resources.Where(r => r.Share > 1))
        {
            switch (over.Name)
            {
                case "bank sites":
                    if (NarrowerFormat(fabric, graph, formats) is { } format)
                        yield return $"--weights {format.Name} ({format.BitsPerWeight:0.##} bits a weight)";
                    yield return $"{Dies(fabric, graph, formats)} dies instead of {fabric.Dies} (--chips)";
                    break;
                case "KV SRAM":
                    var tokens = (int)(over.Available / (KvBytesPerToken(graph.Shape, fabric.Numerics.KvBits) * users));
                    if (tokens > 0)
                        yield return $"--context {tokens} with {users} user(s)";
                    yield return $"KV SRAM of {over.Used / fabric.Dies / 1e6:0.###} MB a die (kv_sram.capacity_mb)";
                    break;
                case "adapter SRAM":
                    yield return "--lora instead of --lora-sram: merged into the weights, the adapter takes no SRAM";
                    break;
                case "user slots":
                    yield return $"--users {over.Available:0}";
                    break;
                case "context":
                    yield return $"--context {over.Available:0}";
                    break;
            }
        }
    }

    // The widest of the fabric's formats with which the banks find sites.
    private static CodeFormat? NarrowerFormat(FabricSpec fabric, ModelGraph graph, IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> formats) =>
        CodeFormats.All.Where(f => f.GgmlType < 0).OrderByDescending(f => f.BitsPerWeight).FirstOrDefault(f =>
        {
            try
            {
                var tried = formats.Select(m => (m.Matrix, m.Matrix.Role == PortRole.Router ? m.Format : f)).ToList();
                return PlaceModel.Place(graph, fabric, tried, 0).Fits;
            }
            catch (InputException)
            {
                return false;
            }
        });

    private static int Dies(FabricSpec fabric, ModelGraph graph, IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> formats)
    {
        var needed = PlaceModel.Place(graph, fabric, formats, 0).SitesNeeded;
        var dies = (int)((needed + fabric.Sites.PerDie - 1) / fabric.Sites.PerDie);
        // Layers are not torn over dies, so the count by area is a lower bound.
        while (dies < 4096 && !PlaceModel.Place(graph, fabric with { Dies = dies }, formats, 0).Fits)
            dies++;
        return dies;
    }
}
