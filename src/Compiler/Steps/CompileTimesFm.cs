using System.Text.Json;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.Fit;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.MaskFill;
using TaalasSim.Compiler.Placement;
using TaalasSim.Compiler.Quantize;
using TaalasSim.Compiler.TimesFm;

namespace TaalasSim.Compiler.Steps;

/// <summary>Compiles a TimesFM checkpoint into a chip image: the same placement and mask layers as those of a language model.</summary>
/// <remarks>The image has no tokenizer; the file in its place says how points become patches.</remarks>
public static class CompileTimesFm
{
    /// <summary>Compiles a checkpoint.</summary>
    /// <param name="checkpoint">Checkpoint.</param>
    /// <param name="target">Folder of the image.</param>
    /// <param name="options">Fabric, weights (<c>preserve</c> stores binary32) and context in patches.</param>
    /// <param name="progress">Called with each step.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>The fit report; the image was written only when it says that the model fits.</returns>
    /// <exception cref="InputException">A weight is not finite, or the fabric does not hold the format.</exception>
    public static FitReport ToImage(
        TimesFmCheckpoint checkpoint,
        string target,
        CompileOptions options,
        IProgress<CompileProgress>? progress = null,
        CancellationToken cancel = default
    )
    {
        ChipDirectory.CheckTarget(target);
        if (options.Fabric.Bank.BankStyle.ImageFault is { } style)
            throw new InputException($"fabric {options.Fabric.Name}: {style}");
        progress?.Report(new CompileProgress("Cut and place banks", 0));
        var name = NameOf(checkpoint);
        var graph = new ModelGraph(TimesFmShape.Of(checkpoint.Sizes, name), TimesFmShape.Traits(checkpoint.Sizes), []);
        var formats = Formats(graph, options.Weights, checkpoint.Path);
        var vectors = FillWeightsLayer.Vectors(graph, formats);
        var placed = PlaceModel.Place(graph, options.Fabric, formats, vectors.Sum(v => (long)v.Count));
        var context = options.Context > 0 ? options.Context : CheckFit.LongestContext(graph.Shape, options.Fabric, options.Users);
        var fit = CheckFit.Of(placed, graph, formats, context, options.Users, options.Technology);
        if (!fit.Fits)
            return fit;
        var routes = PlaceModel.RouteReductions(placed);
        var layout = WeightsLayer.For(placed.Plan.Matrices, routes, placed.Plan.VectorRomValues);
        ChipDirectory.Write(target, folder =>
        {
            long vias;
            using (var stream = new FileStream(Path.Combine(folder, ChipDirectory.WeightsName), FileMode.CreateNew))
                vias = new FillWeightsLayer(new TimesFmWeights(checkpoint), formats, vectors, null).Write(
                    stream,
                    placed,
                    layout,
                    new StepProgress(progress, "Fill the weights layer"),
                    cancel
                );
            var dataflow = DataflowLayer.Encode(routes);
            File.WriteAllBytes(Path.Combine(folder, ChipDirectory.DataflowName), dataflow);
            File.WriteAllText(Path.Combine(folder, ChipDirectory.TokenizerName), PatchText(checkpoint.Sizes));
            var straps = LayerBits.Ones(dataflow.AsSpan(DataflowLayer.HeaderBytes));
            var bits = placed.Plan.Matrices.Sum(FillWeights.StoredBits) + (32 * placed.Plan.VectorRomValues);
            var resources = DescribeImage.Resources(placed.Plan, layout.UsedSites, bits, vias, straps);
            Describe(folder, checkpoint, options, graph, placed, vectors, resources, cancel);
            options.Seal?.Invoke(folder);
            options.Open?.Invoke(folder, cancel);
        });
        return fit;
    }

    /// <summary>Whether all banks of a checkpoint find sites on a fabric; true as well where its banks do not hold the format, which
    /// compiling reports.</summary>
    public static bool Fits(TimesFmCheckpoint checkpoint, CompileOptions options)
    {
        try
        {
            var graph = new ModelGraph(TimesFmShape.Of(checkpoint.Sizes, "model"), TimesFmShape.Traits(checkpoint.Sizes), []);
            return PlaceModel.Place(graph, options.Fabric, Formats(graph, options.Weights, checkpoint.Path), 0).Fits;
        }
        catch (InputException)
        {
            return true;
        }
    }

    private static string NameOf(TimesFmCheckpoint checkpoint)
    {
        var path = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(checkpoint.Path)));
        return ChipModel.Languages.NameGate.Fault(path) is { } hidden
            ? throw new InputException($"{checkpoint.Path}: the name {hidden}; rename it")
            : $"TimesFM 2.5 ({path})";
    }

    private static IReadOnlyList<(MatrixUse Matrix, CodeFormat Format)> Formats(ModelGraph graph, string weights, string path)
    {
        var stored = string.Equals(weights, ChooseCodeFormats.Preserve, StringComparison.OrdinalIgnoreCase) ? "f32" : weights;
        return ChooseCodeFormats.ForMatrices(MatrixList.Matrices(graph), stored, path);
    }

    private static void Describe(
        string folder,
        TimesFmCheckpoint checkpoint,
        CompileOptions options,
        ModelGraph graph,
        PlacedModel placed,
        IReadOnlyList<VectorEntry> vectors,
        ResourceSummary resources,
        CancellationToken cancel
    ) =>
        ChipDirectory.WriteDescription(
            folder,
            new ChipDescription
            {
                Format = ChipDescription.CurrentFormat,
                Compiler = options.Compiler,
                Source = new ModelSource
                {
                    File = Path.GetFileName(checkpoint.Files[0]),
                    Sha256 = ChipDirectory.Digest(checkpoint.Files, cancel),
                    Weights = options.Weights,
                },
                Resources = resources,
                Files = DescribeImage.Files(folder, adapters: false, cancel),
                Model = graph.Shape,
                Traits = graph.Traits,
                Fabric = options.Fabric,
                Matrices = placed.Plan.Matrices,
                Vectors = vectors,
            }
        );

    private static string PatchText(TimesFmSizes sizes) =>
        JsonSerializer.Serialize(
            new
            {
                kind = "patches",
                patch = sizes.Patch,
                output_patch = sizes.OutputPatch,
                quantile_horizon = sizes.QuantileHorizon,
                context_limit = sizes.ContextLimit,
            }
        ) + "\n";
}
