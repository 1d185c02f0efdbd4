using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.Placement;

namespace TaalasSim.Compiler.Steps;

/// <summary>A design with the straps of every site.</summary>
/// <param name="Fitted">The design.</param>
/// <param name="Straps">Straps by site.</param>
/// <param name="Layout">Where the banks go in the weights layer.</param>
public sealed record RoutedDesign(FittedDesign Fitted, IReadOnlyList<SiteStraps> Straps, WeightsLayer Layout) : Stage
{
    /// <summary>Matrices and formats.</summary>
    public FormattedModel Formatted => Fitted.Placed.Formatted;

    /// <summary>Banks and sites.</summary>
    public PlacedModel Placement => Fitted.Placed.Placement;

    /// <inheritdoc/>
    public override void WriteText(TextWriter text)
    {
        text.WriteLine($"# {Layout.UsedSites} of {Straps.Count} sites have straps");
        for (var site = 0; site < Straps.Count; site++)
            if (Straps[site] is { Matrix: >= 0 } strap)
                text.WriteLine(
                    $"site {site}: {Placement.Plan.Matrices[strap.Matrix].Name} [{strap.InputSegment}, {strap.OutputSegment}] "
                        + (strap.Partner < 0 ? "to the output" : $"to site {strap.Partner} at level {strap.Level}")
                );
    }
}
