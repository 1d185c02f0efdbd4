using System.Collections.Concurrent;
using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Compiler.Steps;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Sweeps;

/// <summary>
/// Figures of a sweep's points from the closed forms, with intervals from a small Monte Carlo over the constants. A stage is computed again
/// only where a varied field can change it: cut, placement and timetable for sizes and formats, area, power and cost for every point;
/// points with the same constants share their draws.
/// </summary>
public sealed class EvaluateDesign : IDisposable
{
    // A placed chip keeps its timetables: about two megabytes each.
    private const int MostChips = 96,
        MostConstants = 4096,
        MostDraws = 32;

    private readonly DesignLibrary _library;
    private readonly SweepSpec _spec;
    private readonly int _draws;
    private readonly PointDescriptions _descriptions;
    private readonly ConcurrentDictionary<string, Lazy<SourceModel>> _models = new(StringComparer.Ordinal);
    private readonly BoundedCache<string, PlacedChip> _chips = new(MostChips);
    private readonly BoundedCache<string, ConstantDraws> _constants = new(MostConstants);
    private readonly GpuPoints _gpus;
    private readonly SweepQuality? _quality;
    private readonly Lock _gate = new();
    private readonly Queue<ConstantDraws> _drawn = new();

    /// <summary>Prepares a sweep's model and checks the varied fields.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="spec">Sweep.</param>
    /// <param name="specPath">Its file, for messages.</param>
    /// <param name="draws">Monte Carlo draws per point, at least 20; 0 for best estimates without intervals.</param>
    public EvaluateDesign(DesignLibrary library, SweepSpec spec, string specPath, int draws)
    {
        if (draws is not 0 and < 20)
            throw new InputException(FormattableString.Invariant($"{draws} draws make no interval; take 0 for none, or at least 20"));
        (_library, _spec, _draws) = (library, spec, draws);
        SweepFile.CheckFields(spec, specPath, library);
        _descriptions = new PointDescriptions(library, spec, SweepFile.Places(specPath, spec.Vary.Count));
        _gpus = new GpuPoints(library);
        var fabric = library.Fabric(spec.Fabric);
        if (spec.Quality.Length > 0)
            _quality = new SweepQuality(spec.Quality, spec.Model, fabric, spec.Weights.Length > 0 ? spec.Weights : fabric.DefaultWeights);
        // A model that cannot be opened is found here, not at every point.
        Model(spec.Model);
    }

    /// <summary>Everything besides the sweep that the figures depend on, for the journal's digest.</summary>
    public IReadOnlyList<string> Inputs =>
        [.. SweepInputs.Of(_library, _spec, _draws, name => Model(name).Graph.ToText()), _quality?.Text ?? ""];

    /// <summary>Figures of a point; may be called from several threads.</summary>
    public SweepFigures Evaluate(DesignPoint point)
    {
        var processKey = PointDescriptions.Key(point, _descriptions.IsTechnology);
        var priceKey = PointDescriptions.Key(point, _descriptions.IsPrice);
        var prices = _descriptions.Prices(point, priceKey);
        var asked = point.Service;
        var service = new ServiceShape(asked.InputTokens, asked.OutputTokens, asked.Users);
        if (point.Gpu is { } gpu)
            return _gpus.Figures(gpu, Model(point.Model).Graph.Shape, service, prices, _draws == 0);
        var fabricKey = PointDescriptions.Key(point, _descriptions.IsFabric);
        var fabric = _descriptions.Fabric(point, fabricKey);
        var placed = _chips.Get(PointDescriptions.Key(point, _descriptions.Shapes), _ => Place(Model(point.Model), fabric, point.Weights));
        var technology = _descriptions.Technology(fabric, point, processKey);
        if (placed.Chip is not { } shape)
            return new SweepFigures { DoesNotFit = placed.Reason };
        if (fabric.Sites.Rows != shape.Fabric.Sites.Rows)
            fabric = fabric with { Sites = shape.Fabric.Sites };
        var chip = ReferenceEquals(fabric, shape.Fabric) ? shape : shape with { Fabric = fabric };
        var most = BuildComparison.MostUsers(chip, service);
        if (service.Users > most)
            return new SweepFigures
            {
                DoesNotFit =
                    $"{service.Users} users of {service.InputTokens} + {service.OutputTokens} tokens; {most} fit the slots and the KV SRAM",
            };
        var figures =
            _draws == 0
                ? BestEstimate(chip, technology, prices, service, placed)
                : WithIntervals(
                    chip,
                    technology,
                    prices,
                    service,
                    placed,
                    Constants(fabric, technology, prices, fabricKey, processKey, priceKey)
                );
        return _quality?.With(figures, point.Model, fabric, point.Weights.Length > 0 ? point.Weights : fabric.DefaultWeights) ?? figures;
    }

    private ConstantDraws Constants(
        FabricSpec fabric,
        TechnologySpec technology,
        PriceBook prices,
        string fabricKey,
        string processKey,
        string priceKey
    )
    {
        // A process with a replaced constant is no longer the one that the anchor was made in, and its published figures may not agree with
        // it.
        var anchor = processKey.Length == 0 ? _library.Anchor(fabric.Technology) : null;
        return _constants.Get(string.Join("\n\n", fabric.Technology, processKey, fabricKey, priceKey), _ =>
            Draws(fabric, technology, prices, anchor)
        );
    }

    /// <summary>Closes the model files.</summary>
    public void Dispose()
    {
        foreach (var model in _models.Values.Where(m => m.IsValueCreated))
            model.Value.Dispose();
    }

    private SweepFigures WithIntervals(
        EvaluationInput chip,
        TechnologySpec technology,
        PriceBook prices,
        ServiceShape service,
        PlacedChip placed,
        ConstantDraws draws
    )
    {
        var study = new ChipUncertainty(chip, technology, prices, service, draws).Run(_draws, (ulong)_spec.Seed, withTornado: false);
        return Figures(chip, technology, service, placed, figure => study[figure].Interval);
    }

    private static SweepFigures BestEstimate(
        EvaluationInput chip,
        TechnologySpec technology,
        PriceBook prices,
        ServiceShape service,
        PlacedChip placed
    )
    {
        SupplyVoltage.Check(chip.Fabric, technology);
        ChipCost.CheckMasks(chip.Fabric, technology);
        var figures = ChipEvaluation.Evaluate(chip, technology, prices, service);
        foreach (var figure in FigureCatalog.All)
            FigureCheck.Need(figure, UncertaintyRange.Exact(figure.Read(figures)), chip.Fabric.Name);
        return Figures(chip, technology, service, placed, figure => UncertaintyRange.Exact(figure.Read(figures))) with
        {
            IsBestEstimate = true,
        };
    }

    private static SweepFigures Figures(
        EvaluationInput chip,
        TechnologySpec technology,
        ServiceShape service,
        PlacedChip placed,
        Func<FigureDefinition, UncertaintyRange> of
    ) =>
        new()
        {
            DoesNotFit = DieArea.ReticleFault(of(FigureCatalog.DieMm2).Value, chip.Fabric, technology),
            TokensPerSecondUser = of(FigureCatalog.TokensPerSecondUser),
            TokensPerSecondTotal = of(FigureCatalog.TokensPerSecondTotal),
            TimeToFirstTokenUs = of(FigureCatalog.TimeToFirstTokenUs),
            Watts = of(FigureCatalog.Watts),
            JoulesPerToken = of(FigureCatalog.JoulesPerToken),
            AreaMm2 = of(FigureCatalog.DieMm2) * chip.Fabric.Dies,
            UsdPerMillionTokens = of(FigureCatalog.UsdPerMillionTokens),
            DieMm2 = of(FigureCatalog.DieMm2),
            CardUsd = of(FigureCatalog.CardUsd),
            SitesUsedFraction = placed.SitesUsedFraction,
            SiteRows = chip.Fabric.Sites.Rows,
            KvUsers = Math.Floor(Math.Min(1e9, chip.UsersHeld(service.InputTokens + service.OutputTokens))),
        };

    // Design points with the same constants share their draws: a fabric's sizes are not drawn.
    private ConstantDraws Draws(FabricSpec fabric, TechnologySpec technology, PriceBook prices, EvaluationInput? anchor)
    {
        lock (_gate)
        {
            if (_drawn.FirstOrDefault(d => d.Serve(fabric, technology, prices, anchor)) is { } known)
                return known;
            if (_drawn.Count == MostDraws)
                _drawn.Dequeue();
            var made = new ConstantDraws(fabric, technology, prices, anchor);
            _drawn.Enqueue(made);
            return made;
        }
    }

    private SourceModel Model(string name) =>
        _models
            .GetOrAdd(name, n => new Lazy<SourceModel>(() =>
                _library.Open(n, new CompileOptions { Fabric = _library.Fabric(_spec.Fabric), Weights = _spec.Weights })
            ))
            .Value;

    private PlacedChip Place(SourceModel model, FabricSpec fabric, string formats)
    {
        var weights = formats.Length > 0 ? formats : fabric.DefaultWeights;
        var placement =
            _spec.Size.Length > 0 ? SmallestFabric.Place(model, fabric, weights) : SmallestFabric.PlaceOn(model, fabric, weights);
        return placement.Fits
            ? new(EvaluationInput.Of(placement.Plan), (double)placement.Plan.SitesUsed / placement.Plan.Sites, "")
            : new(null, 0, $"{placement.SitesNeeded} bank sites are needed, the fabric has {placement.Plan.Sites}");
    }

    // A chip, or why there is none.
    private sealed record PlacedChip(EvaluationInput? Chip, double SitesUsedFraction, string Reason);
}
