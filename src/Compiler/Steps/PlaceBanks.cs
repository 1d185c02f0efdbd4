using TaalasSim.Compiler.MaskFill;
using TaalasSim.Compiler.Placement;

namespace TaalasSim.Compiler.Steps;

/// <summary>Cuts every matrix into banks and gives each bank a site.</summary>
public sealed class PlaceBanks : CompileStep<FormattedModel, PlacedDesign>
{
    /// <inheritdoc/>
    public override string Title => "Cut and place banks";

    /// <inheritdoc/>
    public override string? Faults(FormattedModel from, PlacedDesign to)
    {
        var expected = from.Formats.Sum(f => (long)f.Matrix.Inputs * f.Matrix.Outputs);
        var weights = to.Placement.Plan.Matrices.Sum(p => p.Weights);
        if (weights != expected)
            return $"{weights} weights are placed, the model has {expected}";
        var banks = to.Placement.Plan.Matrices.Sum(p => (long)p.InputSegments * p.OutputSegments);
        var sites = to.Placement.SitesOfPort.Sum(s => (long)s.Length);
        return sites == banks ? null : $"{sites} sites for {banks} banks";
    }

    /// <inheritdoc/>
    protected override PlacedDesign Make(FormattedModel from, StepContext context)
    {
        var placed = PlaceModel.Place(from.Model.Graph, from.Model.Options.Fabric, from.Formats, from.VectorValues);
        return new PlacedDesign(
            from,
            placed with
            {
                Plan = placed.Plan with { Adapters = FillAdapterSram.Plan(from.Model.Sram, placed.Plan.Matrices) },
            }
        );
    }
}
