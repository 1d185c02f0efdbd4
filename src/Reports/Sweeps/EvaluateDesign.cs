using System.Collections.Concurrent;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Import;
using TaalasSim.Compiler.MaskFill;
using TaalasSim.Compiler.Placement;
using TaalasSim.Compiler.Quantize;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Figures of a sweep's points from the closed forms, with intervals from a small Monte Carlo over the constants.</summary>
public sealed class EvaluateDesign : IDisposable
{
    private readonly DesignLibrary _library;
    private readonly SweepSpec _spec;
    private readonly string _fabricPath;
    private readonly int _draws;
    private readonly ImportedModel? _file;
    private readonly ModelGraph _graph;
    private readonly ConcurrentDictionary<string, (EvaluationInput? Chip, ChipPlan? Plan, string? Reason)> _plans = new(
        StringComparer.Ordinal
    );
    private readonly Lock _anchorLock = new();

    /// <summary>Prepares a sweep's model and checks the varied fields.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="spec">Sweep.</param>
    /// <param name="specPath">Its file, for messages.</param>
    /// <param name="draws">Monte Carlo draws per point, at least 20.</param>
    public EvaluateDesign(DesignLibrary library, SweepSpec spec, string specPath, int draws)
    {
        _library = library;
        _spec = spec;
        _draws = draws;
        _fabricPath = library.Resolve("fabrics", spec.Fabric);
        SweepFile.CheckFields(spec, specPath, _fabricPath, library.Resolve("technology", library.Fabric(spec.Fabric).Technology));
        if (library.IsShape(spec.Model))
        {
            _graph = BuildModelGraph.From(library.Shape(spec.Model), ShapeTraits.Plain);
        }
        else
        {
            _file = ImportedModel.Open(spec.Model);
            _graph = _file.Graph;
        }
    }

    /// <summary>Everything besides the sweep that the figures depend on, for the journal's digest.</summary>
    public IReadOnlyList<string> Inputs =>
        [
            File.ReadAllText(_fabricPath),
            File.ReadAllText(_library.Resolve("technology", _library.Fabric(_spec.Fabric).Technology)),
            _graph.ToText(),
            $"draws {_draws}",
            typeof(EvaluateDesign).Assembly.GetName().Version?.ToString() ?? "",
        ];

    /// <summary>Figures of a point; may be called from several threads.</summary>
    public SweepFigures Evaluate(DesignPoint point)
    {
        var fabric = point.ReadFabric(_fabricPath);
        var technologyPath = _library.Resolve("technology", fabric.Technology);
        var technology = point.ReadTechnology(technologyPath);
        var weights = point.Weights.Length > 0 ? point.Weights : fabric.DefaultWeights;
        var key =
            weights
            + "\n"
            + string.Join('\n', point.FabricOverrides.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}={o.Value}"));
        var (chip, plan, reason) = _plans.GetOrAdd(key, _ => Plan(fabric, weights));
        if (chip is null)
            return new SweepFigures { DoesNotFit = reason };
        var service = new ServiceShape(point.Service.InputTokens, point.Service.OutputTokens, point.Service.Users);
        var most = BuildComparison.MostUsers(chip, service);
        if (service.Users > most)
            return new SweepFigures
            {
                DoesNotFit =
                    $"{service.Users} users of {service.InputTokens} + {service.OutputTokens} tokens; {most} fit the slots and the KV SRAM",
            };
        // A process with a replaced constant is no longer the one that the anchor was made in, and its published figures may not agree with
        // it.
        EvaluationInput? anchor = null;
        if (point.TechnologyOverrides.Count == 0)
            lock (_anchorLock)
                anchor = _library.Anchor(fabric.Technology);
        var study = new ChipUncertainty(chip, technology, _library.Prices(), service, anchor).Run(
            _draws,
            (ulong)_spec.Seed,
            withTornado: false
        );
        UncertaintyRange Of(FigureDefinition figure) => study[figure].Interval;
        return new SweepFigures
        {
            TokensPerSecondUser = Of(FigureCatalog.TokensPerSecondUser),
            TokensPerSecondTotal = Of(FigureCatalog.TokensPerSecondTotal),
            TimeToFirstTokenSeconds = Of(FigureCatalog.TimeToFirstTokenSeconds),
            Watts = Of(FigureCatalog.Watts),
            JoulesPerToken = Of(FigureCatalog.JoulesPerToken),
            AreaMm2 = Of(FigureCatalog.DieMm2) * fabric.Dies,
            UsdPerMillionTokens = Of(FigureCatalog.UsdPerMillionTokens),
            SitesUsedFraction = (double)plan!.SitesUsed / plan.Sites,
        };
    }

    /// <summary>Closes the model file.</summary>
    public void Dispose() => _file?.Dispose();

    private (EvaluationInput?, ChipPlan?, string?) Plan(FabricSpec fabric, string weights)
    {
        var formats = _file is null ? ChooseCodeFormats.ForShape(_graph, weights) : ChooseCodeFormats.ForFile(_file, weights);
        var placed = PlaceModel.Place(_graph, fabric, formats, FillWeightsLayer.Vectors(_graph, formats).Sum(v => (long)v.Count));
        return placed.Fits
            ? (EvaluationInput.Of(placed.Plan), placed.Plan, null)
            : (null, null, $"{placed.SitesNeeded} bank sites are needed, the fabric has {placed.Plan.Sites}");
    }
}
