using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Adapters;
using TaalasSim.Compiler.Fit;
using TaalasSim.Compiler.Tokenizer;

namespace TaalasSim.Compiler.Steps;

/// <summary>Writes the tokenizer and chip.yaml, which lists every file of the image with its digest.</summary>
public sealed class DescribeImage : CompileStep<FilledAdapters, ChipImage>
{
    /// <inheritdoc/>
    public override string Title => "Write chip.yaml";

    /// <inheritdoc/>
    public override string? Faults(FilledAdapters from, ChipImage to)
    {
        var expected = from.Layers.Weights.Design.Formatted.Formats.Sum(f => (long)f.Matrix.Inputs * f.Matrix.Outputs);
        return to.Description.Resources.Weights == expected
            ? null
            : $"the image lists {to.Description.Resources.Weights} weights, the model has {expected}";
    }

    /// <inheritdoc/>
    protected override ChipImage Make(FilledAdapters from, StepContext context)
    {
        var folder = context.ImageFolder;
        var design = from.Layers.Weights.Design;
        var (model, plan) = (design.Formatted.Model, design.Placement.Plan);
        File.WriteAllBytes(Path.Combine(folder, ChipDirectory.TokenizerName), TokenizerDataFile.Write(model.Tokenizer()));
        var description = new ChipDescription
        {
            Format = ChipDescription.CurrentFormat,
            Compiler = model.Options.Compiler,
            Source = Source(model, context.Cancel),
            Resources = Resources(plan, design.Layout.UsedSites, from.Layers.Weights.Bits, from.Layers.Weights.Vias, from.Layers.Straps),
            Files = Files(folder, model.Sram.Count > 0, context.Cancel),
            Model = model.Graph.Shape,
            Traits = model.Graph.Traits,
            Fabric = model.Options.Fabric,
            Matrices = plan.Matrices,
            Vectors = design.Formatted.Vectors,
            Adapters = plan.Adapters,
            Choice = model.Options.Plan?.Choice,
        };
        ChipDirectory.WriteDescription(folder, description);
        if (YamlText.Write(ChipDirectory.ReadDescription(folder)) != YamlText.Write(description))
            throw new StepFault($"{Name}: {ChipDirectory.DescriptionName} is read back as something else");
        return new ChipImage(description);
    }

    private static ModelSource Source(SourceModel model, CancellationToken cancel) =>
        new()
        {
            File = Path.GetFileName(model.Weights.File.Path),
            Sha256 = ChipDirectory.Digest(model.Weights.File.Files, cancel),
            Weights = model.Options.Weights,
            Adapters = [.. Sources(model.Weights.Adapters, "merged", cancel), .. Sources(model.Sram, "sram", cancel)],
        };

    private static IEnumerable<AdapterSource> Sources(IReadOnlyList<LoraAdapter> adapters, string placement, CancellationToken cancel) =>
        adapters.Select(a => new AdapterSource
        {
            File = Path.GetFileName(a.Request.Path),
            Sha256 = ChipDirectory.Digest(a.Files, cancel),
            Scale = a.Request.Scale,
            Placement = placement,
        });

    /// <summary>What an image takes of its fabric.</summary>
    /// <param name="plan">The placed chip.</param>
    /// <param name="usedSites">Sites with a bank.</param>
    /// <param name="bits">Bits that the weights layer stores.</param>
    /// <param name="vias">Vias of that layer.</param>
    /// <param name="straps">Straps of the dataflow layer.</param>
    internal static ResourceSummary Resources(ChipPlan plan, int usedSites, long bits, long vias, long straps)
    {
        var kvBytes = CheckFit.KvBytesPerToken(plan.Model, plan.Fabric.Numerics.KvBits);
        // What every user slot keeps is out of the way of keys and values.
        var state = CheckFit.StateBytes(plan.Model, plan.Fabric) * plan.Fabric.Card.UserSlots;
        return new ResourceSummary
        {
            SitesUsed = usedSites,
            SitesAvailable = plan.Sites,
            Weights = plan.Matrices.Sum(p => p.Weights),
            WeightsLayerBits = bits,
            WeightsLayerVias = vias,
            DataflowLayerStraps = straps,
            KvBytesPerToken = (long)kvBytes,
            KvCapacityTokens = kvBytes > 0 ? (long)(Math.Max(0, plan.KvBytes - state) / kvBytes) : 0,
        };
    }

    /// <summary>The files of an image with their digests.</summary>
    internal static ImageFiles Files(string folder, bool adapters, CancellationToken cancel) =>
        new()
        {
            Weights = ChipDirectory.Describe(folder, ChipDirectory.WeightsName, cancel),
            Dataflow = ChipDirectory.Describe(folder, ChipDirectory.DataflowName, cancel),
            Tokenizer = ChipDirectory.Describe(folder, ChipDirectory.TokenizerName, cancel),
            Adapters = adapters ? ChipDirectory.Describe(folder, ChipDirectory.AdaptersName, cancel) : null,
        };
}
