using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.Placement;

namespace TaalasSim.Compiler.Steps;

/// <summary>Joins the banks of every output segment into a reduction tree: the straps of the dataflow layer.</summary>
public sealed class RouteReductions : CompileStep<FittedDesign, RoutedDesign>
{
    /// <inheritdoc/>
    public override string Title => "Route reductions";

    /// <inheritdoc/>
    public override string? Faults(FittedDesign from, RoutedDesign to)
    {
        var ports = from.Placed.Placement.Plan.Matrices;
        var banks = ports.Sum(p => (long)p.InputSegments * p.OutputSegments);
        if (to.Layout.UsedSites != banks)
            return $"{to.Layout.UsedSites} sites have straps, the design has {banks} banks";
        var outputs = ports.Sum(p => (long)p.OutputSegments);
        var roots = to.Straps.LongCount(s => s.Matrix >= 0 && s.Partner < 0);
        return roots == outputs ? null : $"{roots} reductions end at an output, the design has {outputs} output segments";
    }

    /// <inheritdoc/>
    protected override RoutedDesign Make(FittedDesign from, StepContext context)
    {
        var placed = from.Placed.Placement;
        if (!placed.Fits)
            throw new InputException(
                $"{placed.Plan.Model.Name} does not fit {placed.Plan.Fabric.Name}: "
                    + $"{placed.SitesNeeded} bank sites are needed, the fabric has {placed.Plan.Sites}"
            );
        var straps = PlaceModel.RouteReductions(placed);
        return new RoutedDesign(from, straps, WeightsLayer.For(placed.Plan.Matrices, straps, placed.Plan.VectorRomValues));
    }
}
