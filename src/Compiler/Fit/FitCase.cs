using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.Technology;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Placement;

namespace TaalasSim.Compiler.Fit;

/// <summary>What is asked of a fabric; a change replaces one member.</summary>
internal sealed record FitCase(
    ModelGraph Graph,
    FabricSpec Fabric,
    IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> Formats,
    long SitesNeeded,
    int Context,
    int Users,
    TechnologySpec? Technology,
    long AdapterBytes
)
{
    public IReadOnlyList<ResourceUse> Resources() =>
        CheckFit.Resources(Fabric, Graph.Shape, SitesNeeded, Context, Users, Technology, AdapterBytes);

    /// <summary>The same on another fabric or with other formats, placed again.</summary>
    public FitCase Placed(FabricSpec fabric, IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> formats) =>
        this with
        {
            Fabric = fabric,
            Formats = formats,
            SitesNeeded = PlaceModel.Place(Graph, fabric, formats, 0).SitesNeeded,
        };
}
