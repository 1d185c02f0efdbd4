using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.Adapters;
using TaalasSim.Compiler.Fit;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Import;
using TaalasSim.Compiler.MaskFill;
using TaalasSim.Compiler.Placement;
using TaalasSim.Compiler.Quantize;
using TaalasSim.Compiler.Tokenizer;

namespace TaalasSim.Compiler.Steps;

/// <summary>
/// The compiler: import, choose code formats, cut and place banks, route reductions, fill both layers, write the image. Each step takes
/// what the one before made.
/// </summary>
public static class CompileModel
{
    /// <summary>Compiles a model file into a chip image.</summary>
    /// <returns>The fit report; the image was written only when it says that the model fits.</returns>
    /// <exception cref="InputException">The model is malformed, or the target folder holds something else.</exception>
    public static FitReport ToImage(
        string modelPath,
        string target,
        CompileOptions options,
        IProgress<CompileProgress>? progress = null,
        CancellationToken cancel = default
    )
    {
        ChipDirectory.CheckTarget(target);
        void Say(string step, double done = 0) => progress?.Report(new CompileProgress(step, done));

        Say("Import the model");
        using var model = ImportedModel.Open(modelPath, options.Merge);
        using var sram = new AdapterSet(options.Sram, model.File);
        var tokenizer = TokenizerFromGguf.Read(model.File)
            ?? throw new InputException($"{modelPath}: has no tokenizer; the chip needs one to read and write text");

        if (options.Fabric.Bank.BankStyle.ImageFault is { } fault)
            throw new InputException($"fabric {options.Fabric.Name}: {fault}");
        Say("Choose code formats");
        var formats = options.Plan is { } plan ? plan.FormatsOf(model) : ChooseCodeFormats.ForFile(model, options.Weights);

        Say("Cut and place banks");
        var vectors = FillWeightsLayer.Vectors(model.Graph, formats);
        var vectorValues = vectors.Sum(v => (long)v.Count);
        var placed = PlaceModel.Place(model.Graph, options.Fabric, formats, vectorValues);
        placed = placed with { Plan = placed.Plan with { Adapters = FillAdapterSram.Plan(sram.Adapters, placed.Plan.Matrices) } };
        var fit = CheckFit.Of(placed, model.Graph, formats, ServedContext(model.Graph, options, placed.Plan.AdapterBytes), users: 1);
        if (!fit.Fits)
            return fit;

        Say("Route reductions");
        var straps = PlaceModel.RouteReductions(placed);
        var layout = WeightsLayer.For(placed.Plan.Matrices, straps, vectorValues);

        ChipDirectory.Write(target, folder =>
        {
            Say("Fill the weights layer");
            long vias;
            var weightsPath = Path.Combine(folder, ChipDirectory.WeightsName);
            using (var stream = new FileStream(weightsPath, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 20))
                vias = FillWeightsLayer.Write(
                    stream,
                    model,
                    placed,
                    formats,
                    vectors,
                    layout,
                    options.Plan?.InputPower,
                    Progress(done => Say("Fill the weights layer", done)),
                    cancel
                );

            Say("Fill the dataflow layer");
            var dataflow = DataflowLayer.Encode(straps);
            File.WriteAllBytes(Path.Combine(folder, ChipDirectory.DataflowName), dataflow);
            File.WriteAllBytes(Path.Combine(folder, ChipDirectory.TokenizerName), TokenizerDataFile.Write(tokenizer));
            if (sram.Adapters.Count > 0)
            {
                Say("Fill the adapter SRAM");
                using var stream = File.Create(Path.Combine(folder, ChipDirectory.AdaptersName));
                FillAdapterSram.Write(stream, sram.Adapters, placed.Plan.Adapters, placed.Plan.Matrices);
            }

            Say("Write chip.yaml");
            var kvBytes = CheckFit.KvBytesPerToken(model.Graph.Shape, options.Fabric.Numerics.KvBits);
            var description = new ChipDescription
            {
                Format = ChipDescription.CurrentFormat,
                Compiler = options.Compiler,
                Source = new ModelSource
                {
                    File = Path.GetFileName(modelPath),
                    Sha256 = ChipDirectory.Digest(model.File.Files, cancel),
                    Weights = options.Weights,
                    Adapters = [.. Sources(model.Adapters, "merged", cancel), .. Sources(sram.Adapters, "sram", cancel)],
                },
                Resources = new ResourceSummary
                {
                    SitesUsed = layout.UsedSites,
                    SitesAvailable = placed.Plan.Sites,
                    Weights = placed.Plan.Matrices.Sum(p => p.Weights),
                    WeightsLayerBits = placed.Plan.Matrices.Sum(p => StoredBits(p)) + (32 * vectorValues),
                    WeightsLayerVias = vias,
                    DataflowLayerStraps = dataflow
                        .AsSpan(DataflowLayer.HeaderBytes)
                        .ToArray()
                        .Sum(b => (long)System.Numerics.BitOperations.PopCount(b)),
                    KvBytesPerToken = (long)kvBytes,
                    KvCapacityTokens = kvBytes > 0 ? (long)(placed.Plan.KvBytes / kvBytes) : 0,
                },
                Files = new ImageFiles
                {
                    Weights = ChipDirectory.Describe(folder, ChipDirectory.WeightsName, cancel),
                    Dataflow = ChipDirectory.Describe(folder, ChipDirectory.DataflowName, cancel),
                    Tokenizer = ChipDirectory.Describe(folder, ChipDirectory.TokenizerName, cancel),
                    Adapters = sram.Adapters.Count > 0 ? ChipDirectory.Describe(folder, ChipDirectory.AdaptersName, cancel) : null,
                },
                Model = model.Graph.Shape,
                Traits = model.Graph.Traits,
                Fabric = options.Fabric,
                Matrices = placed.Plan.Matrices,
                Vectors = vectors,
                Adapters = placed.Plan.Adapters,
                Choice = options.Plan?.Choice,
            };
            ChipDirectory.WriteDescription(folder, description);
        });
        return fit;
    }

    /// <summary>Places a model of which only the shape is known, for timing, area, power and cost without weights.</summary>
    public static (PlacedModel Placed, FitReport Fit) Shape(ModelGraph graph, CompileOptions options)
    {
        var formats = ChooseCodeFormats.ForShape(graph, options.Weights);
        var placed = PlaceModel.Place(graph, options.Fabric, formats, FillWeightsLayer.Vectors(graph, formats).Sum(v => (long)v.Count));
        return (placed, CheckFit.Of(placed, graph, formats, ServedContext(graph, options, 0), users: 1));
    }

    private static int ServedContext(ModelGraph graph, CompileOptions options, long adapterBytes) =>
        options.Context > 0 ? options.Context : CheckFit.LongestContext(graph.Shape, options.Fabric, users: 1, adapterBytes);

    private static IEnumerable<AdapterSource> Sources(IReadOnlyList<LoraAdapter> adapters, string placement, CancellationToken cancel) =>
        adapters.Select(a => new AdapterSource
        {
            File = Path.GetFileName(a.Request.Path),
            Sha256 = ChipDirectory.Digest(a.Files, cancel),
            Scale = a.Request.Scale,
            Placement = placement,
        });

    private static long StoredBits(MatrixPlan port)
    {
        var format = CodeFormats.Named(port.Format);
        return (long)port.Outputs * PanelLayout.Blocks(format, port.Inputs) * format.BlockBytes * 8;
    }

    private static InlineProgress Progress(Action<double> report) => new(report);

    // System.Progress posts to the thread pool, which may report after the step is over.
    private sealed class InlineProgress(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
