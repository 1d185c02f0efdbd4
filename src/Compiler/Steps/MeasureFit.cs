using TaalasSim.Compiler.Fit;

namespace TaalasSim.Compiler.Steps;

/// <summary>Compares what the design needs with what the fabric has.</summary>
public sealed class MeasureFit : CompileStep<PlacedDesign, FittedDesign>
{
    /// <inheritdoc/>
    public override string Title => "Measure the fit";

    /// <inheritdoc/>
    protected override FittedDesign Make(PlacedDesign from, StepContext context)
    {
        var (model, plan) = (from.Formatted.Model, from.Placement.Plan);
        var options = model.Options;
        var tokens =
            options.Context > 0
                ? options.Context
                : Math.Min(
                    options.UsualContext,
                    CheckFit.LongestContext(model.Graph.Shape, options.Fabric, options.Users, plan.AdapterBytes)
                );
        return new FittedDesign(
            from,
            CheckFit.Of(from.Placement, model.Graph, from.Formatted.Formats, tokens, options.Users, options.Technology)
        );
    }
}
