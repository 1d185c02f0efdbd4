using System.Collections.Concurrent;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Compiler.Steps;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Figures of a sweep's points from the closed forms, with intervals from a small Monte Carlo over the constants.</summary>
public sealed class EvaluateDesign : IDisposable
{
    private readonly DesignLibrary _library;
    private readonly SweepSpec _spec;
    private readonly int _draws;
    private readonly SourceModel _model;
    private readonly IReadOnlyList<string> _places;
    private readonly ConcurrentDictionary<string, Lazy<PlacedChip>> _chips = new(StringComparer.Ordinal);

    /// <summary>Prepares a sweep's model and checks the varied fields.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="spec">Sweep.</param>
    /// <param name="specPath">Its file, for messages.</param>
    /// <param name="draws">Monte Carlo draws per point, at least 20.</param>
    public EvaluateDesign(DesignLibrary library, SweepSpec spec, string specPath, int draws)
    {
        (_library, _spec, _draws) = (library, spec, draws);
        SweepFile.CheckFields(spec, specPath, library);
        _places = SweepFile.Places(specPath, spec.Vary.Count);
        _model = library.Open(spec.Model, new CompileOptions { Fabric = library.Fabric(spec.Fabric), Weights = spec.Weights });
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
        var placed = _chips.GetOrAdd(Key(point), _ => new Lazy<PlacedChip>(() => Place(point))).Value;
        var technology = Replaced("technology", () => _library.Technology(placed.Technology, point.TechnologyOverrides));
        if (placed.Chip is not { } chip)
            return new SweepFigures { DoesNotFit = placed.Reason };
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
        var anchor = point.TechnologyOverrides.Count == 0 ? _library.Anchor(placed.Technology) : null;
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
            TimeToFirstTokenUs = Of(FigureCatalog.TimeToFirstTokenUs),
            Watts = Of(FigureCatalog.Watts),
            JoulesPerToken = Of(FigureCatalog.JoulesPerToken),
            AreaMm2 = Of(FigureCatalog.DieMm2) * chip.Fabric.Dies,
            UsdPerMillionTokens = Of(FigureCatalog.UsdPerMillionTokens),
            SitesUsedFraction = placed.SitesUsedFraction,
        };
    }

    /// <summary>Closes the model file.</summary>
    public void Dispose() => _model.Dispose();

    // Points that differ in service or process alone share a chip.
    private static string Key(DesignPoint point) =>
        point.Weights
        + "\n"
        + string.Join('\n', point.FabricOverrides.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}={o.Value}"));

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

    private PlacedChip Place(DesignPoint point)
    {
        var fabric = Replaced("fabric", () => _library.Fabric(_spec.Fabric, point.FabricOverrides));
        var weights = point.Weights.Length > 0 ? point.Weights : fabric.DefaultWeights;
        var design = _model with
        {
            Options = new CompileOptions { Fabric = fabric, Weights = weights },
        };
        var placement = CompilerSteps.Run<PlacedDesign>(design).Placement;
        return placement.Fits
            ? new(fabric.Technology, EvaluationInput.Of(placement.Plan), (double)placement.Plan.SitesUsed / placement.Plan.Sites, "")
            : new(fabric.Technology, null, 0, $"{placement.SitesNeeded} bank sites are needed, the fabric has {placement.Plan.Sites}");
    }

    // A chip, or why there is none.
    private sealed record PlacedChip(string Technology, EvaluationInput? Chip, double SitesUsedFraction, string Reason);
}
