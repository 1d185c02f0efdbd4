using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.MaskLayers;

namespace TaalasSim.Compiler.Steps;

/// <summary>Writes the dataflow layer.</summary>
public sealed class FillDataflow : CompileStep<FilledWeights, FilledDataflow>
{
    /// <inheritdoc/>
    public override string Title => "Fill the dataflow layer";

    /// <inheritdoc/>
    protected override FilledDataflow Make(FilledWeights from, StepContext context)
    {
        var layer = DataflowLayer.Encode(from.Design.Straps);
        File.WriteAllBytes(Path.Combine(context.ImageFolder, ChipDirectory.DataflowName), layer);
        return new FilledDataflow(from, LayerBits.Ones(layer.AsSpan(DataflowLayer.HeaderBytes)));
    }
}
