using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.MaskFill;

namespace TaalasSim.Compiler.Steps;

/// <summary>Writes the weights layer: the codes of every bank and the vector ROM.</summary>
public sealed class FillWeights : CompileStep<RoutedDesign, FilledWeights>
{
    /// <inheritdoc/>
    public override string Title => "Fill the weights layer";

    /// <inheritdoc/>
    public override string? Faults(RoutedDesign from, FilledWeights to) => to.Vias <= to.Bits ? null : $"{to.Vias} vias in {to.Bits} bits";

    /// <inheritdoc/>
    protected override FilledWeights Make(RoutedDesign from, StepContext context)
    {
        var model = from.Formatted.Model;
        if (model.File is null)
            throw new InputException($"{model.Graph.Shape.Name}: a shape has no weights to fill the layer with; give a GGUF file");
        var path = Path.Combine(context.ImageFolder, ChipDirectory.WeightsName);
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 20);
        var formatted = from.Formatted;
        var layer = new FillWeightsLayer(new GgufWeights(model.File), formatted.Formats, formatted.Vectors, model.Options.Plan?.InputPower);
        var vias = layer.Write(stream, from.Placement, from.Layout, new StepProgress(context.Progress, Title), context.Cancel);
        return new FilledWeights(from, vias, from.Placement.Plan.Matrices.Sum(StoredBits) + (32 * formatted.VectorValues));
    }

    // Bits of the codes of a matrix, without what fills its panels.
    internal static long StoredBits(MatrixPlan port)
    {
        var format = CodeFormats.Named(port.Format);
        return (long)port.Outputs * PanelLayout.Blocks(format, port.Inputs) * format.BlockBytes * 8;
    }
}
