using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Gpu;
using TaalasSim.ChipModel.Technology;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Placement;
using TaalasSim.Compiler.Steps;

namespace TaalasSim.Reports.Compare;

/// <summary>The descriptions of the folder <c>chips/</c>: fabrics, processes, models, prices and GPUs by name.</summary>
public sealed class DesignLibrary
{
    private readonly string _chips;
    private readonly Lazy<GpuLibrary> _gpus;
    private readonly Lazy<IReadOnlyList<GpuMeasurement>> _bars;
    private readonly Dictionary<string, EvaluationInput?> _anchors = new(StringComparer.Ordinal);

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

    /// <summary>A process by name, with fields replaced.</summary>
    public TechnologySpec Technology(string name, IReadOnlyDictionary<string, string>? overrides = null) =>
        TechnologyFile.Read(Resolve("technology", name), overrides, Path.Combine(_chips, "technology"));

    /// <summary>A fabric by name or file, with fields replaced.</summary>
    public FabricSpec Fabric(string nameOrFile, IReadOnlyDictionary<string, string>? overrides = null) =>
        FabricFile.Read(Resolve("fabrics", nameOrFile), overrides, Path.Combine(_chips, "fabrics"));

    /// <summary>Constants of a host link by name.</summary>
    public HostLinkSpec HostLink(string name) => HostLinkSpec.Read(Resolve("links", name));

    /// <summary>The decoding method whose published speed-up is set right in comparisons.</summary>
    public DecodingClaim Decoding() => YamlReader.Read<DecodingClaim>(Resolve("measurements", "decoding"));

    /// <summary>Published figures of GPUs that nothing is fitted on.</summary>
    public IReadOnlyList<GpuMeasurement> ReferenceBars => _bars.Value;

    /// <summary>The newest price list.</summary>
    public PriceBook Prices()
    {
        var newest = Directory.Exists(Path.Combine(_chips, "prices"))
            ? Directory.GetFiles(Path.Combine(_chips, "prices"), "*.yaml").Max(StringComparer.Ordinal)
            : null;
        return YamlReader.Read<PriceBook>(newest ?? throw new InputException($"{_chips}/prices: no price list"));
    }

    /// <summary>Whether that name is a shape of <c>chips/models</c> or a YAML file.</summary>
    public bool IsShape(string name) =>
        name.EndsWith(".yaml", StringComparison.Ordinal) || File.Exists(Path.Combine(_chips, "models", name + ".yaml"));

    /// <summary>A model shape by name or file.</summary>
    public ModelShape Shape(string nameOrFile) =>
        YamlReader.Read<ModelShape>(Resolve("models", nameOrFile), library: Path.Combine(_chips, "models"));

    /// <summary>Path of a description by kind and name, or the file itself.</summary>
    /// <exception cref="InputException">No such description; the message lists the known ones.</exception>
    public string Resolve(string kind, string nameOrFile)
    {
        if (nameOrFile.EndsWith(".yaml", StringComparison.Ordinal) || nameOrFile.Contains(Path.DirectorySeparatorChar))
            return File.Exists(nameOrFile) ? nameOrFile : throw new InputException($"{nameOrFile}: no such file");
        var folder = Path.Combine(_chips, kind);
        var path = Path.Combine(folder, nameOrFile + ".yaml");
        if (File.Exists(path))
            return path;
        var known = Directory.Exists(folder)
            ? string.Join(
                ' ',
                Directory.GetFiles(folder, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)
            )
            : "none";
        throw new InputException($"no '{nameOrFile}' in chips/{kind}; known: {known}");
    }

    /// <summary>The plan of a shape on a fabric, without weights.</summary>
    /// <exception cref="InputException">It does not fit.</exception>
    public static ChipPlan Plan(ModelShape shape, FabricSpec fabric, string weights) => Place(shape, fabric, weights).Plan;

    /// <summary>The plan of a shape with the site of every bank.</summary>
    /// <exception cref="InputException">It does not fit.</exception>
    public static PlacedModel Place(ModelShape shape, FabricSpec fabric, string weights)
    {
        var (placed, fit) = CompileModel.Shape(
            BuildModelGraph.From(shape, ShapeTraits.Plain),
            new CompileOptions
            {
                Fabric = fabric,
                Weights = weights,
                Compiler = "shape",
            }
        );
        return placed.Fits
            ? placed
            : throw new InputException(
                $"{shape.Name} does not fit {fabric.Name}: {fit.Binding.Name} at {fit.Binding.Share * 100:0} %; {(fit.Changes.Count > 0 ? "would fit with " + fit.Changes[0] : "choose a larger fabric")}"
            );
    }

    /// <summary>The chip that a process was calibrated on: a fabric in that process with published figures, carrying the model they were
    /// published for; null when there is none.</summary>
    public EvaluationInput? Anchor(string technology)
    {
        if (_anchors.TryGetValue(technology, out var known))
            return known;
        EvaluationInput? found = null;
        foreach (var file in Directory.GetFiles(Path.Combine(_chips, "fabrics"), "*.yaml").Order(StringComparer.Ordinal))
        {
            var fabric = YamlReader.Read<FabricSpec>(file);
            if (fabric.Published is null || fabric.Technology != technology)
                continue;
            found = EvaluationInput.Of(Plan(Gpus.Model(fabric.Published.Model), fabric, fabric.DefaultWeights));
            break;
        }

        _anchors.Add(technology, found);
        return found;
    }
}
