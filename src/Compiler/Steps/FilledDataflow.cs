namespace TaalasSim.Compiler.Steps;

/// <summary>A design whose two mask layers are written.</summary>
/// <param name="Weights">The design with its weights layer.</param>
/// <param name="Straps">Straps of the dataflow layer: bits that are one.</param>
public sealed record FilledDataflow(FilledWeights Weights, long Straps) : Stage
{
    /// <inheritdoc/>
    public override void WriteText(TextWriter text)
    {
        text.WriteLine($"weights layer: {Weights.Vias} vias for {Weights.Bits} bits");
        text.WriteLine($"dataflow layer: {Straps} straps on {Weights.Design.Layout.UsedSites} sites");
    }
}
