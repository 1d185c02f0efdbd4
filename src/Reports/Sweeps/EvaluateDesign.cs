using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Quantities;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Steps;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Figures of design points from the descriptions of <c>chips/</c>; safe to call from several threads.</summary>
/// <param name="library">Descriptions.</param>
/// <param name="spec">Sweep; its model is read once.</param>
/// <param name="draws">Draws of the Monte Carlo behind the intervals, at least 20; 0 gives best estimates alone.</param>
public sealed class EvaluateDesign(DesignLibrary library, SweepSpec spec, int draws = 200)
{
    private readonly ModelGraph _model = BuildModelGraph.From(library.Shape(spec.Model), ShapeTraits.Plain);
    private readonly string _fabric = library.Resolve("fabrics", spec.Fabric);

    /// <summary>Texts that the figures depend on, for <see cref="SweepOptions.Inputs"/>.</summary>
    public IReadOnlyList<string> Inputs()
    {
        var fabric = YamlReader.Read<ChipModel.Fabric.FabricSpec>(_fabric);
        return
        [
            YamlReader.MergedText(library.Resolve("models", spec.Model)),
            YamlReader.MergedText(_fabric),
            YamlReader.MergedText(library.Resolve("technology", fabric.Technology)),
            YamlText.Write(library.Prices()),
            FormattableString.Invariant($"draws {draws}"),
        ];
    }

    /// <summary>Evaluates one point. Intervals are those of the constants; the anchor that narrows a report's headline is left out, so that varied constants act freely.</summary>
    /// <exception cref="InputException">The values make no design.</exception>
    public SweepFigures Figures(DesignPoint point)
    {
        var fabric = point.ReadFabric(_fabric);
        var technology = point.ReadTechnology(library.Resolve("technology", fabric.Technology));
        var service = point.Service;
        var weights = point.Weights.Length > 0 ? point.Weights : fabric.DefaultWeights;
        var (placed, fit) = CompileModel.Shape(_model, new CompileOptions { Fabric = fabric, Weights = weights, Compiler = "sweep", Context = service.InputTokens + service.OutputTokens });
        if (!fit.Fits)
            return new SweepFigures { DoesNotFit = FormattableString.Invariant($"{fit.Binding.Name} at {fit.Binding.Share * 100:0.#} % of what the fabric has") };
        var chip = PreparedChip.Of(placed.Plan);
        var shape = new ServiceShape(service.InputTokens, service.OutputTokens, service.Users);
        var most = BuildComparison.MostUsers(chip, shape);
        if (service.Users > most)
            return new SweepFigures { DoesNotFit = FormattableString.Invariant($"{service.Users} users where slots and key and value memory take {most}") };
        var prices = library.Prices();
        var figures = ChipEvaluation.Evaluate(chip, technology, prices, shape);
        var study = draws > 0 ? new ChipUncertainty(chip, technology, prices, shape).Run(draws, (ulong)spec.Seed) : [];
        return new SweepFigures
        {
            TokensPerSecondUser = Of("tokens_per_second_user"),
            TokensPerSecondTotal = Of("tokens_per_second_total"),
            TimeToFirstTokenSeconds = Of("time_to_first_token_seconds"),
            Watts = Of("watts"),
            JoulesPerToken = Of("joules_per_token"),
            AreaMm2 = Of("die_mm2") * fabric.Dies,
            UsdPerMillionTokens = Of("usd_per_million_tokens"),
            SitesUsedFraction = (double)placed.Plan.SitesUsed / placed.Plan.Sites,
        };

        Interval Of(string name) => study.FirstOrDefault(f => f.Field.Name == name)?.Interval ?? Interval.Exact(ChipField.Named(name).Read(figures));
    }
}
