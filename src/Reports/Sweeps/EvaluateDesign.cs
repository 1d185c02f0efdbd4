using System.Collections.Concurrent;
using TaalasSim.ChipModel.Evaluation;
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
        _model = library.Open(spec.Model, new CompileOptions { Fabric = library.Fabric(spec.Fabric), Weights = spec.Weights });
    }

    /// <summary>Everything besides the sweep that the figures depend on, for the journal's digest.</summary>
    public IReadOnlyList<string> Inputs =>
        [
            File.ReadAllText(_library.Resolve("fabrics", _spec.Fabric)),
            File.ReadAllText(_library.Resolve("technology", _library.Fabric(_spec.Fabric).Technology)),
            _model.Graph.ToText(),
            $"draws {_draws}",
            typeof(EvaluateDesign).Assembly.GetName().Version?.ToString() ?? "",
        ];

    /// <summary>Figures of a point; may be called from several threads.</summary>
    public SweepFigures Evaluate(DesignPoint point)
    {
        var placed = _chips.GetOrAdd(Key(point), _ => new Lazy<PlacedChip>(() => Place(point))).Value;
        var technology = _library.Technology(placed.Technology, point.TechnologyOverrides);
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
        UncertaintyRange Of(string field) => study.First(f => f.Field.Name == field).Interval;
        return new SweepFigures
        {
            TokensPerSecondUser = Of("tokens_per_second_user"),
            TokensPerSecondTotal = Of("tokens_per_second_total"),
            TimeToFirstTokenSeconds = Of("time_to_first_token_seconds"),
            Watts = Of("watts"),
            JoulesPerToken = Of("joules_per_token"),
            AreaMm2 = Of("die_mm2") * chip.Fabric.Dies,
            UsdPerMillionTokens = Of("usd_per_million_tokens"),
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

    private PlacedChip Place(DesignPoint point)
    {
        var fabric = _library.Fabric(_spec.Fabric, point.FabricOverrides);
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
