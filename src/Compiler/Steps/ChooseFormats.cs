using TaalasSim.ChipModel.Chip;
using TaalasSim.Compiler.MaskFill;
using TaalasSim.Compiler.Quantize;

namespace TaalasSim.Compiler.Steps;

/// <summary>Gives every matrix its code format.</summary>
public sealed class ChooseFormats : CompileStep<SourceModel, FormattedModel>
{
    /// <inheritdoc/>
    public override string Title => "Choose code formats";

    /// <inheritdoc/>
    public override string? Faults(SourceModel from, FormattedModel to)
    {
        if (from.Options.Plan?.Choice is not { } choice)
            return null;
        double bits = 0,
            weights = 0;
        foreach (var (matrix, format) in to.Formats.Where(f => f.Matrix.Role != MatrixRole.Router))
        {
            weights += (double)matrix.Inputs * matrix.Outputs;
            bits += (double)matrix.Inputs * matrix.Outputs * format.BitsPerWeight;
        }

        return bits <= choice.Budget * weights * (1 + 1e-9)
            ? null
            : FormattableString.Invariant($"{bits / weights:0.####} bits a weight, the budget is {choice.Budget:0.####}");
    }

    /// <inheritdoc/>
    protected override FormattedModel Make(SourceModel from, StepContext context)
    {
        var options = from.Options;
        var formats =
            from.File is null ? ChooseCodeFormats.ForShape(from.Graph, options.Weights)
            : options.Plan is { } plan ? plan.FormatsOf(from.File)
            : ChooseCodeFormats.ForFile(from.File, options.Weights);
        return new FormattedModel(from, formats, FillWeightsLayer.Vectors(from.Graph, formats));
    }
}
