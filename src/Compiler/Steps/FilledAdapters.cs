namespace TaalasSim.Compiler.Steps;

/// <summary>A design with everything that it stores written.</summary>
/// <param name="Layers">The design with both mask layers.</param>
public sealed record FilledAdapters(FilledDataflow Layers) : Stage
{
    /// <inheritdoc/>
    public override void WriteText(TextWriter text)
    {
        Layers.WriteText(text);
        var plan = Layers.Weights.Design.Placement.Plan;
        text.WriteLine($"adapter SRAM: {plan.AdapterBytes} bytes");
        foreach (var adapter in plan.Adapters)
            text.WriteLine($"{plan.Matrices[adapter.Matrix].Name}: rank {adapter.Rank}, {adapter.FormatA} and {adapter.FormatB}");
    }
}
