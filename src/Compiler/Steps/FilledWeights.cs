namespace TaalasSim.Compiler.Steps;

/// <summary>A design whose weights layer is written.</summary>
/// <param name="Design">The design.</param>
/// <param name="Vias">Vias of the layer: bits that are one.</param>
/// <param name="Bits">Bits that the layer stores, vector ROM included.</param>
public sealed record FilledWeights(RoutedDesign Design, long Vias, long Bits) : Stage
{
    /// <inheritdoc/>
    public override void WriteText(TextWriter text)
    {
        text.WriteLine($"# weights layer: {Vias} vias for {Bits} bits, {Design.Layout.FileBytes} bytes");
        for (var site = 0; site < Design.Straps.Count; site++)
            if (Design.Layout.SiteOffsets[site] is >= 0 and var offset)
                text.WriteLine($"site {site}: {Design.Placement.Plan.Matrices[Design.Straps[site].Matrix].Name} at byte {offset}");
    }
}
