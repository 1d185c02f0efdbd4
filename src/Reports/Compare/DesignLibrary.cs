using System.Collections.Concurrent;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Gpu;
using TaalasSim.ChipModel.Technology;
using TaalasSim.Compiler.Placement;
using TaalasSim.Compiler.Steps;

namespace TaalasSim.Reports.Compare;

/// <summary>
/// The descriptions of the folder <c>chips/</c>: fabrics, processes, models, prices and GPUs by name. Each file is parsed once; a
/// description with fields replaced is made in memory. Safe to use from several threads.
/// </summary>
public sealed class DesignLibrary
{
    private readonly string _chips;
    private readonly Lazy<GpuLibrary> _gpus;
    private readonly Lazy<IReadOnlyList<GpuMeasurement>> _bars;
    private readonly ConcurrentDictionary<(Type, string), object> _files = new();
    private readonly ConcurrentDictionary<string, Lazy<EvaluationInput?>> _anchors = new(StringComparer.Ordinal);

    /// <summary>Opens the folder; files are read when they are asked for.</summary>
    public DesignLibrary(string chips)
    {
        _chips = chips;
        _gpus = new Lazy<GpuLibrary>(() => GpuLibrary.Load(chips));
        _bars = new Lazy<IReadOnlyList<GpuMeasurement>>(() =>
            GpuMeasurementFile.Read(Path.Combine(chips, "gpus", "measurements", "reference_bars.csv")).Rows
        );
    }

    /// <summary>GPUs, engines and their calibration.</summary>
    public GpuLibrary Gpus => _gpus.Value;

    /// <summary>Published figures of GPUs that nothing is fitted on.</summary>
    public IReadOnlyList<GpuMeasurement> ReferenceBars => _bars.Value;

    /// <summary>A process by name, with fields replaced.</summary>
    public TechnologySpec Technology(string name, IReadOnlyDictionary<string, string>? overrides = null) =>
        TechnologyFileOf(name).With(overrides);

    /// <summary>A fabric by name or file, with fields replaced.</summary>
    public FabricSpec Fabric(string nameOrFile, IReadOnlyDictionary<string, string>? overrides = null) =>
        FabricFileOf(nameOrFile).With(overrides);

    /// <summary>Constants of a host link by name.</summary>
    public HostLinkSpec HostLink(string name) => Describe(Resolve("links", name), null, HostLinkSpec.From).With(null);

    /// <summary>How a card is cooled, by name.</summary>
    public CoolingSpec Cooling(string name) => Describe(Resolve("cooling", name), null, CoolingSpec.From).With(null);

    /// <summary>The decoding method whose published speed-up is set right in comparisons.</summary>
    public DecodingClaim Decoding() => Describe(Resolve("measurements", "decoding"), null, Plain<DecodingClaim>).With(null);

    /// <summary>The newest price list, with fields replaced.</summary>
    public PriceBook Prices(IReadOnlyDictionary<string, string>? overrides = null) => PriceFile().With(overrides);

    /// <summary>Checks that a dotted field of the price list can be replaced.</summary>
    /// <exception cref="InputException">No such field, or it is not a single value.</exception>
    public void CheckPriceField(string field) => PriceFile().File.CheckField(field);

    private Description<PriceBook> PriceFile()
    {
        var newest = Directory.Exists(Path.Combine(_chips, "prices"))
            ? Directory.GetFiles(Path.Combine(_chips, "prices"), "*.yaml").Max(StringComparer.Ordinal)
            : null;
        return Describe(newest ?? throw new InputException($"{_chips}/prices: no price list"), null, Plain<PriceBook>);
    }

    /// <summary>Checks that a dotted field of a fabric can be replaced.</summary>
    /// <exception cref="InputException">No such field, or it is not a single value.</exception>
    public void CheckFabricField(string nameOrFile, string field) => FabricFileOf(nameOrFile).File.CheckField(field);

    /// <summary>Checks that a dotted field of a process can be replaced.</summary>
    /// <exception cref="InputException">No such field, or it is not a single value.</exception>
    public void CheckTechnologyField(string name, string field) => TechnologyFileOf(name).File.CheckField(field);

    /// <summary>Whether that name is a shape of <c>chips/models</c> or a YAML file.</summary>
    public bool IsShape(string name) =>
        name.EndsWith(".yaml", StringComparison.Ordinal) || (!Path.Exists(name) && Known("models", name) is not null);

    /// <summary>Names of the descriptions of a kind, in ordinal order.</summary>
    /// <param name="kind">Folder of chips: models, gpus, fabrics, technology, masks, links, measurements.</param>
    public IReadOnlyList<string> Names(string kind)
    {
        var folder = Path.Combine(_chips, kind);
        return Directory.Exists(folder)
            ?
            [
                .. Directory
                    .GetFiles(folder, "*.yaml")
                    .Select(file => Path.GetFileNameWithoutExtension(file))
                    .Where(name => kind != "gpus" || name is not ("calibration" or "workloads"))
                    .Order(StringComparer.Ordinal),
            ]
            : [];
    }

    /// <summary>A model shape by name or file.</summary>
    public ModelShape Shape(string nameOrFile) =>
        Describe(Resolve("models", nameOrFile), Path.Combine(_chips, "models"), Plain<ModelShape>).With(null);

    /// <summary>A model to compile: a shape by name or file, or a GGUF file. Close it after use.</summary>
    /// <exception cref="InputException">Neither a shape nor a model file.</exception>
    public SourceModel Open(string name, CompileOptions options) =>
        IsShape(name) ? SourceModel.Of(Shape(name), options)
        : File.Exists(name) ? SourceModel.Open(name, options)
        : FileKind.Sentence(name, "a model file") is { } other ? throw new InputException($"{name}: {other}")
        : throw new InputException(
            $"{name}: no such file, and no shape of that name in chips/models{NearestName.Hint(name, Names("models"))} "
                + "(./taalas list models)"
        );

    /// <summary>Path of a description by kind and name, or the file itself.</summary>
    /// <exception cref="InputException">No such description; the message lists the known ones.</exception>
    public string Resolve(string kind, string nameOrFile)
    {
        var isPath = nameOrFile.EndsWith(".yaml", StringComparison.Ordinal) || nameOrFile.Contains(Path.DirectorySeparatorChar);
        if (isPath && File.Exists(nameOrFile))
            return nameOrFile;
        if (Known(kind, nameOrFile) is { } name)
            return Path.Combine(_chips, kind, name + ".yaml");
        if (isPath)
            throw new InputException($"{nameOrFile}: {FileKind.Sentence(nameOrFile, "a description in YAML") ?? "no such file"}");
        var names = Names(kind);
        throw new InputException(
            $"no '{nameOrFile}' in chips/{kind}{NearestName.Hint(nameOrFile, names)}; known: "
                + $"{(names.Count > 0 ? string.Join(' ', names) : "none")}"
        );
    }

    // A description's file name, without regard to case, or for models an alias or the name in words.
    private string? Known(string kind, string name)
    {
        var names = Names(kind);
        return names.FirstOrDefault(known => known == name)
            ?? names.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? (kind == "models" ? Gpus.FileOfModel(name) : null);
    }

    /// <summary>The plan of a shape on a fabric, without weights.</summary>
    /// <exception cref="InputException">It does not fit.</exception>
    public static ChipPlan Plan(ModelShape shape, FabricSpec fabric, string weights) => Place(shape, fabric, weights).Plan;

    /// <summary>The plan of a shape with the site of every bank.</summary>
    /// <exception cref="InputException">It does not fit.</exception>
    public static PlacedModel Place(ModelShape shape, FabricSpec fabric, string weights)
    {
        using var model = SourceModel.Of(shape, new CompileOptions { Fabric = fabric, Weights = weights });
        return Place(model);
    }

    /// <summary>The plan of a model with the site of every bank.</summary>
    /// <exception cref="InputException">It does not fit.</exception>
    public static PlacedModel Place(SourceModel model)
    {
        var placed = CompilerSteps.Run<PlacedDesign>(model);
        if (placed.Placement.Fits)
            return placed.Placement;
        var fit = CompilerSteps.Run<FittedDesign>(placed).Fit;
        throw new InputException(
            $"{model.Graph.Shape.Name} does not fit {model.Options.Fabric.Name}: {fit.Binding.Name} at {fit.Binding.Share * 100:0} %; "
                + $"{(fit.Changes.Count > 0 ? "would fit with " + fit.Changes[0] : "choose a larger fabric")}"
        );
    }

    /// <summary>The chip that a process was calibrated on: a fabric in that process with published figures, carrying the model they were
    /// published for; null when there is none.</summary>
    public EvaluationInput? Anchor(string technology) =>
        _anchors.GetOrAdd(technology, name => new Lazy<EvaluationInput?>(() => FindAnchor(name))).Value;

    private EvaluationInput? FindAnchor(string technology)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(_chips, "fabrics"), "*.yaml").Order(StringComparer.Ordinal))
        {
            var fabric = Fabric(file);
            if (fabric.Published is not null && fabric.Technology == technology)
                return EvaluationInput.Of(Plan(Gpus.Model(fabric.Published.Model), fabric, fabric.DefaultWeights));
        }

        return null;
    }

    private Description<FabricSpec> FabricFileOf(string nameOrFile) =>
        Describe(Resolve("fabrics", nameOrFile), Path.Combine(_chips, "fabrics"), FabricFile.From);

    private Description<TechnologySpec> TechnologyFileOf(string name) =>
        Describe(Resolve("technology", name), Path.Combine(_chips, "technology"), TechnologyFile.From);

    private Description<T> Describe<T>(string path, string? library, Func<ParsedYaml, IReadOnlyDictionary<string, string>?, T> bind)
        where T : class => (Description<T>)_files.GetOrAdd((typeof(T), path), _ => new Description<T>(path, library, bind));

    private static T Plain<T>(ParsedYaml file, IReadOnlyDictionary<string, string>? overrides) => file.Bind<T>(overrides);
}
