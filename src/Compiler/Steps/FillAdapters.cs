using TaalasSim.ChipModel.Chip;
using TaalasSim.Compiler.MaskFill;

namespace TaalasSim.Compiler.Steps;

/// <summary>Writes the contents of the SRAM that holds adapters; without adapters there is no such file.</summary>
public sealed class FillAdapters : CompileStep<FilledDataflow, FilledAdapters>
{
    /// <inheritdoc/>
    public override string Title => "Fill the adapter SRAM";

    /// <inheritdoc/>
    protected override FilledAdapters Make(FilledDataflow from, StepContext context)
    {
        var design = from.Weights.Design;
        var (sram, plan) = (design.Formatted.Model.Sram, design.Placement.Plan);
        if (sram.Count > 0)
        {
            using var stream = File.Create(Path.Combine(context.ImageFolder, ChipDirectory.AdaptersName));
            FillAdapterSram.Write(stream, sram, plan.Adapters, plan.Matrices);
        }

        return new FilledAdapters(from);
    }
}
