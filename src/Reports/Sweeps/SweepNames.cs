using System.Collections.Concurrent;
using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Steps;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Formulas;

namespace TaalasSim.Reports.Sweeps;

/// <summary>
/// What names in a sweep's formulas mean at a point: varied fields by their path, fields that do not vary from their descriptions
/// (<c>fabric.bank.columns</c>), sizes of the model (<c>model.layers</c>, and <c>model.weights</c> for the weights in its matrices), and
/// <c>weights.bits</c>, the bits that the weight format takes for each weight. Safe to use from several threads.
/// </summary>
internal sealed class SweepNames
{
    private const string ModelWeights = "model.weights",
        WeightBits = "weights.bits";

    private readonly DesignLibrary? _library;
    private readonly SweepSpec _spec;
    private readonly Dictionary<string, int> _varied;
    private readonly ConcurrentDictionary<(string Name, string Of), FormulaValue> _known = new();

    /// <summary>Names of a sweep.</summary>
    /// <param name="spec">Sweep.</param>
    /// <param name="library">Descriptions; null where only varied fields have meanings.</param>
    public SweepNames(SweepSpec spec, DesignLibrary? library)
    {
        (_spec, _library) = (spec, library);
        _varied = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < spec.Vary.Count; i++)
            _varied[DesignPoint.Canonical(spec.Vary[i].Field)] = i;
    }

    /// <summary>Place of a varied field; −1 for a name that does not vary.</summary>
    public int Varied(string name) => _varied.GetValueOrDefault(DesignPoint.Canonical(name), -1);

    /// <summary>Varied fields that the value of a name comes from, by place.</summary>
    public IEnumerable<int> Sources(string name)
    {
        if (Varied(name) is >= 0 and var at)
            return [at];
        string[] roots = DesignPoint.Split(name).Kind switch
        {
            "fabric" => ["fabric"],
            "model" => ["model"],
            "technology" => ["fabric", "fabric.technology"],
            "weights" => ["weights", "fabric", "fabric.default_weights"],
            _ => [],
        };
        return roots.Select(Varied).Where(i => i >= 0);
    }

    /// <summary>The value of a name.</summary>
    /// <param name="name">Name.</param>
    /// <param name="values">Values of the varied fields, null for one that is not in use.</param>
    /// <exception cref="InputException">It means nothing.</exception>
    public FormulaValue Of(string name, IReadOnlyList<string?> values)
    {
        if (Varied(name) is >= 0 and var at && values[at] is { } varied)
            return FormulaValue.Read(varied);
        var (kind, field) = DesignPoint.Split(name);
        var of = Description(kind, values);
        return _known.GetOrAdd((name, of), _ => Find(name, kind, field, of));
    }

    // Which description a name is looked up in; it may vary.
    private string Description(string kind, IReadOnlyList<string?> values) =>
        kind switch
        {
            "fabric" => Value("fabric", values) ?? _spec.Fabric,
            "model" => Value("model", values) ?? _spec.Model,
            "weights" => Weights(values),
            "technology" => Value("fabric.technology", values) ?? Fabric(values).Technology,
            _ => "",
        };

    private string Weights(IReadOnlyList<string?> values) =>
        Value("weights", values) is { } varied ? varied
        : _spec.Weights.Length > 0 ? _spec.Weights
        : Value("fabric.default_weights", values) ?? Fabric(values).DefaultWeights;

    private FabricSpec Fabric(IReadOnlyList<string?> values) => Library("fabric").Fabric(Value("fabric", values) ?? _spec.Fabric);

    private string? Value(string field, IReadOnlyList<string?> values) => Varied(field) is >= 0 and var at ? values[at] : null;

    private FormulaValue Find(string name, string kind, string field, string of)
    {
        if (name is "model" or "weights" or "fabric")
            return new FormulaValue(double.NaN, of);
        if (name == WeightBits)
            return CodeFormats.Find(of) is { } format
                ? FormulaValue.Of(format.BitsPerWeight)
                : throw new InputException($"{WeightBits}: '{of}' is no single weight format");
        if (name == ModelWeights)
            return FormulaValue.Of(Graph(of));
        object? root = kind switch
        {
            "fabric" => Library(name).Fabric(of),
            "technology" => Library(name).Technology(of),
            "prices" => Library(name).Prices(),
            "model" => Shape(of),
            "service" => _spec.Service,
            _ => null,
        };
        return (root is null ? null : DescriptionField.ValueAt(root, field)) switch
        {
            IInterval interval => FormulaValue.Of(interval.Value),
            bool truth => FormulaValue.Of(truth),
            string text => new FormulaValue(double.NaN, text),
            IConvertible number => FormulaValue.Of(number.ToDouble(CultureInfo.InvariantCulture)),
            _ => throw new InputException(
                $"no value '{name}'; formulas take varied fields and single values of fabric, technology, prices, service and model"
            ),
        };
    }

    private double Graph(string model)
    {
        using var source = Open(model);
        return MatrixList.Matrices(source.Graph).Sum(m => (double)m.Inputs * m.Outputs);
    }

    private ModelShape Shape(string model)
    {
        if (Library("model").IsShape(model))
            return Library("model").Shape(model);
        using var source = Open(model);
        return source.Graph.Shape;
    }

    private SourceModel Open(string model) =>
        Library("model").Open(model, new CompileOptions { Fabric = Library("model").Fabric(_spec.Fabric), Weights = _spec.Weights });

    private DesignLibrary Library(string name) =>
        _library ?? throw new InputException($"'{name}' does not vary, and there are no descriptions to look it up in");
}
