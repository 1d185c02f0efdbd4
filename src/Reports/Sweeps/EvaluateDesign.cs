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
        MostFabrics = 4096,
        MostProcesses = 512,
        MostDraws = 32;

    private readonly DesignLibrary _library;
    private readonly SweepSpec _spec;
    private readonly int _draws;
    private readonly SourceModel _model;
    private readonly IReadOnlyList<string> _places;
    private readonly FabricSpec _fabric;
    private readonly PriceBook _prices;
    private readonly bool[] _isFabric;
    private readonly bool[] _isTechnology;
    private readonly FieldReplacement?[] _replacements;

    // Varied fields that change what is placed or when it is used, rather than constants alone.
    private readonly bool[] _shapes;
    private readonly BoundedCache<string, PlacedChip> _chips = new(MostChips);
    private readonly BoundedCache<string, FabricSpec> _fabrics = new(MostFabrics);
    private readonly BoundedCache<string, TechnologySpec> _processes = new(MostProcesses);
    private readonly BoundedCache<string, ConstantDraws> _constants = new(MostFabrics);
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
        _places = SweepFile.Places(specPath, spec.Vary.Count);
        (_fabric, _prices) = (library.Fabric(spec.Fabric), library.Prices());
        _model = library.Open(spec.Model, new CompileOptions { Fabric = _fabric, Weights = spec.Weights });
        _replacements = [.. spec.Vary.Select(Replacement)];
        _isFabric = [.. spec.Vary.Select(axis => DesignPoint.Split(axis.Field).Kind == "fabric")];
        _isTechnology = [.. spec.Vary.Select(axis => DesignPoint.Split(axis.Field).Kind == "technology")];
        // Links between packages have latencies in cycles of the clock, so there a constant may move the timetable.
        _shapes =
        [
            .. spec.Vary.Select(
                (axis, i) =>
                    axis.Field == "weights"
                    || (_isFabric[i] && (_replacements[i] is not { IsConstant: true } || _fabric.System.Link is not null))
            ),
        ];
    }

    /// <summary>Everything besides the sweep that the figures depend on, for the journal's digest.</summary>
    public IReadOnlyList<string> Inputs =>
        [
            // With their bases, as they are read: a change in a base changes the figures.
            YamlText.Write(_library.Fabric(_spec.Fabric)),
            YamlText.Write(_library.Technology(_library.Fabric(_spec.Fabric).Technology)),
            YamlText.Write(_library.Prices()),
            _library.Anchor(_library.Fabric(_spec.Fabric).Technology) is { } anchor ? YamlText.Write(anchor.Fabric) : "",
            _model.Graph.ToText(),
            $"draws {_draws}",
            typeof(EvaluateDesign).Assembly.GetName().Version?.ToString() ?? "",
        ];

    /// <summary>Figures of a point; may be called from several threads.</summary>
    public SweepFigures Evaluate(DesignPoint point)
    {
        var fabricKey = Key(point, _isFabric);
        var fabric = fabricKey.Length == 0 ? _fabric : _fabrics.Get(fabricKey, _ => Fabric(point));
        var placed = _chips.Get(Key(point, _shapes), _ => Place(fabric, point.Weights));
        var processKey = Key(point, _isTechnology);
        var technology = _processes.Get(fabric.Technology + "\n" + processKey, _ => Technology(fabric.Technology, point));
        if (placed.Chip is not { } shape)
            return new SweepFigures { DoesNotFit = placed.Reason };
        var chip = ReferenceEquals(fabric, shape.Fabric) ? shape : shape with { Fabric = fabric };
        var asked = point.Service;
        var service = new ServiceShape(asked.InputTokens, asked.OutputTokens, asked.Users);
        var most = BuildComparison.MostUsers(chip, service);
        if (service.Users > most)
            return new SweepFigures
            {
                DoesNotFit =
                    $"{service.Users} users of {service.InputTokens} + {service.OutputTokens} tokens; {most} fit the slots and the KV SRAM",
            };
        if (_draws == 0)
            return BestEstimate(chip, technology, service, placed);
        // A process with a replaced constant is no longer the one that the anchor was made in, and its published figures may not agree with
        // it.
        var anchor = processKey.Length == 0 ? _library.Anchor(fabric.Technology) : null;
        var draws = _constants.Get(string.Join("\n\n", fabric.Technology, processKey, fabricKey), _ => Draws(fabric, technology, anchor));
        return WithIntervals(chip, technology, service, placed, draws);
    }

    /// <summary>Closes the model file.</summary>
    public void Dispose() => _model.Dispose();

    private SweepFigures WithIntervals(
        EvaluationInput chip,
        TechnologySpec technology,
        ServiceShape service,
        PlacedChip placed,
        ConstantDraws draws
    )
    {
        var study = new ChipUncertainty(chip, technology, _prices, service, draws).Run(_draws, (ulong)_spec.Seed, withTornado: false);
        return Figures(chip, technology, placed, figure => study[figure].Interval);
    }

    private SweepFigures BestEstimate(EvaluationInput chip, TechnologySpec technology, ServiceShape service, PlacedChip placed)
    {
        SupplyVoltage.Check(chip.Fabric, technology);
        ChipCost.CheckMasks(chip.Fabric, technology);
        var figures = ChipEvaluation.Evaluate(chip, technology, _prices, service);
        foreach (var figure in FigureCatalog.All)
            FigureCheck.Need(figure, UncertaintyRange.Exact(figure.Read(figures)), chip.Fabric.Name);
        return Figures(chip, technology, placed, figure => UncertaintyRange.Exact(figure.Read(figures))) with { IsBestEstimate = true };
    }

    private static SweepFigures Figures(
        EvaluationInput chip,
        TechnologySpec technology,
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
            SitesUsedFraction = placed.SitesUsedFraction,
        };

    // Design points with the same constants share their draws: a fabric's sizes are not drawn.
    private ConstantDraws Draws(FabricSpec fabric, TechnologySpec technology, EvaluationInput? anchor)
    {
        lock (_gate)
        {
            if (_drawn.FirstOrDefault(d => d.Serve(fabric, technology, _prices, anchor)) is { } known)
                return known;
            if (_drawn.Count == MostDraws)
                _drawn.Dequeue();
            var made = new ConstantDraws(fabric, technology, _prices, anchor);
            _drawn.Enqueue(made);
            return made;
        }
    }

    // Values of some of the varied fields as one text; empty where none of them varies.
    private static string Key(DesignPoint point, bool[] counts)
    {
        var key = "";
        for (var i = 0; i < counts.Length; i++)
            if (counts[i])
                key += point.Values[i] + "\n";
        return key;
    }

    private static FieldReplacement? Replacement(SweepAxis axis) =>
        DesignPoint.Split(axis.Field) switch
        {
            ("fabric", var field) => FieldReplacement.Find(typeof(FabricSpec), field),
            ("technology", var field) => FieldReplacement.Find(typeof(TechnologySpec), field),
            _ => null,
        };

    private FabricSpec Fabric(DesignPoint point) =>
        // A changed fabric is not the chip that something was published about.
        Changed(point, _isFabric, _fabric with { Published = null })
        ?? Replaced("fabric", () => _library.Fabric(_spec.Fabric, point.FabricOverrides));

    private TechnologySpec Technology(string name, DesignPoint point)
    {
        var unchanged = _library.Technology(name);
        var overrides = point.TechnologyOverrides;
        return overrides.Count == 0
            ? unchanged
            : Changed(point, _isTechnology, unchanged) ?? Replaced("technology", () => _library.Technology(name, overrides));
    }

    // A description with numbers replaced in memory, if that is all that varies and it passes the check of files. What does not is bound
    // anew, which says what is wrong.
    private T? Changed<T>(DesignPoint point, bool[] varied, T description)
        where T : class
    {
        for (var i = 0; i < point.Values.Count; i++)
        {
            if (!varied[i])
                continue;
            if (_replacements[i]?.With(description, point.Values[i]) is not T changed)
                return null;
            description = changed;
        }

        return DescriptionCheck.Faults(description).Count == 0 ? description : null;
    }

    // A value of the sweep that does not suit its field is a fault of the sweep's file, not of the fabric's.
    private T Replaced<T>(string kind, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InputException e) when (e.Replaced is var (field, fault))
        {
            var at = _spec.Vary.FindIndex(a => a.Field == $"{kind}.{field}");
            // A fault of an interval's end names the interval.
            var named = field.EndsWith(".low", StringComparison.Ordinal) || field.EndsWith(".high", StringComparison.Ordinal);
            var start = named ? field[..field.LastIndexOf('.')] : field;
            throw new InputException(
                $"{(at < 0 ? kind : _places[at])}: {(fault.StartsWith(start, StringComparison.Ordinal) ? kind + "." : "")}{fault}",
                e
            );
        }
    }

    private PlacedChip Place(FabricSpec fabric, string formats)
    {
        var weights = formats.Length > 0 ? formats : fabric.DefaultWeights;
        var design = _model with
        {
            Options = new CompileOptions { Fabric = fabric, Weights = weights },
        };
        var placement = CompilerSteps.Run<PlacedDesign>(design).Placement;
        return placement.Fits
            ? new(EvaluationInput.Of(placement.Plan), (double)placement.Plan.SitesUsed / placement.Plan.Sites, "")
            : new(null, 0, $"{placement.SitesNeeded} bank sites are needed, the fabric has {placement.Plan.Sites}");
    }

    // A chip, or why there is none.
    private sealed record PlacedChip(EvaluationInput? Chip, double SitesUsedFraction, string Reason);
}
