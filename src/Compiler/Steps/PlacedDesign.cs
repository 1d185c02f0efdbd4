using TaalasSim.Compiler.Placement;

namespace TaalasSim.Compiler.Steps;

/// <summary>A model whose banks have sites, as far as there are sites.</summary>
/// <param name="Formatted">Matrices and formats.</param>
/// <param name="Placement">Banks and sites.</param>
public sealed record PlacedDesign(FormattedModel Formatted, PlacedModel Placement) : Stage
{
    /// <inheritdoc/>
    public override void WriteText(TextWriter text)
    {
        var plan = Placement.Plan;
        text.WriteLine($"# {plan.Model.Name} on {plan.Fabric.Name}: {Placement.SitesNeeded} of {plan.Sites} sites");
        foreach (var port in plan.Matrices)
            text.WriteLine(
                $"{port.Name}: {port.InputSegments} × {port.OutputSegments} banks of {port.BankRows} × {port.BankColumns}, "
                    + $"{port.Hops} hops, sites {string.Join(' ', Placement.SitesOfPort[port.Id])}"
            );
    }
}
