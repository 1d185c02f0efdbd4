using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Reports.Charts;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Costs;
using TaalasSim.Reports.Provenance;
using TaalasSim.Reports.Sweeps;

namespace TaalasSim.Reports.Pages;

/// <summary>Gathers what a report page shows about a chip: all of it from the one plan that the image carries.</summary>
public static class BuildReport
{
    /// <summary>The page's data.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="plan">The chip.</param>
    /// <param name="straps">Straps of the dataflow layer, or null when only the shape is known.</param>
    /// <param name="description">chip.yaml, or null when only the shape is known.</param>
    /// <param name="comparison">Chip and GPUs.</param>
    /// <param name="sweep">A finished sweep to plot, or null.</param>
    /// <param name="product">Program and version.</param>
    /// <param name="quality">Whether the chip still says what its model says.</param>
    /// <param name="commands">Commands that make the report again.</param>
    /// <param name="remarks">What a reader must know besides.</param>
    public static ReportData From(
        DesignLibrary library,
        ChipPlan plan,
        IReadOnlyList<SiteStraps>? straps,
        ChipDescription? description,
        ComparisonReport comparison,
        SweepResult? sweep,
        QualityFacts? quality,
        string product,
        IReadOnlyList<string> commands,
        IReadOnlyList<string> remarks
    )
    {
        var technology = library.Technology(plan.Fabric.Technology);
        var prices = PriceTerms.ForComparison(library, comparison.Utilisation);
        var chip = EvaluationInput.Of(plan);
        var service = new ServiceShape(comparison.InputTokens, comparison.OutputTokens);
        var study = new ChipUncertainty(chip, technology, prices, service, library.Anchor(plan.Fabric.Technology));
        var figures = study.Run(BuildComparison.Draws);
        return new ReportData
        {
            Title = $"{plan.Model.Name} on {plan.Fabric.Name}",
            Product = product,
            Comparison = comparison,
            Chip = [.. ChipFacts.Of(plan), .. description is null ? [] : ChipFacts.Image(description)],
            Weights = description?.Choice,
            Latency = LatencyParts.Of(
                chip,
                service.MeanContext,
                plan.Fabric.Clock * study.BestEstimate().Figures().ClockFraction,
                technology.Calibration.Latency
            ),
            Where = WhereItGoes.Of(study, chip, service, BuildComparison.Draws),
            Quality = quality,
            Floorplan = straps is null ? null : FloorplanData.From($"{plan.Fabric.Name}: contents of each site", plan, straps),
            // The full batch is what costs are counted for; a chip that holds no user has none.
            Costs = comparison.Chip.OneUser is null
                ? null
                : BuildCost.From(
                    library,
                    plan,
                    PriceTerms.Of(library, utilisation: comparison.Utilisation),
                    service.InputTokens,
                    service.OutputTokens
                ),
            Sweep = Curves(sweep),
            SweepPoints = SweepView.Of(sweep),
            Constants = ConstantList.Of([
                .. study.Constants.Select(c => new ConstantUse(c.Path, c.Constant)),
                .. GpuConstants(library, comparison),
            ]),
            Moves =
            [
                .. new[] { FigureCatalog.TokensPerSecondUser, FigureCatalog.Watts, FigureCatalog.UsdPerMillionTokens }.Select(figure =>
                    Moves(study, figures[figure])
                ),
            ],
            Commands = commands,
            Remarks = remarks,
        };
    }

    private static IEnumerable<ConstantUse> GpuConstants(DesignLibrary library, ComparisonReport comparison)
    {
        foreach (var gpu in comparison.Gpus)
            if (library.Gpus.FindCard(gpu.Name) is { } card)
                foreach (var (path, constant) in ConstantCatalog.List(card, $"gpus.{gpu.Name}"))
                    yield return new ConstantUse(path, constant);
        if (comparison.Gpus.Count > 0)
            foreach (var (name, constant) in library.Gpus.Calibration.Parameters)
                yield return new ConstantUse($"gpus.calibration.{name}", constant);
    }

    // Along the numeric field with the most values; a computed field only where there is no other.
    private static SeriesData? Curves(SweepResult? sweep) =>
        sweep is not null
        && sweep.Rows.Any(r => r.Status == SweepStatus.Ok)
        && sweep
            .Spec.Vary.Where(SweepTable.IsNumeric)
            .OrderBy(a => a.Compute.Length > 0)
            .ThenByDescending(a => Values(sweep, a))
            .FirstOrDefault()
            is { } axis
            ? SweepCurves.From(sweep, axis.Field, FigureCatalog.TokensPerSecondUser.Key)
            : null;

    private static int Values(SweepResult sweep, SweepAxis axis) =>
        axis.Compute.Length > 0 ? 0
        : axis.Range is null ? axis.Values.Count
        : sweep.Rows.Count;

    private static FigureMoves Moves(ChipUncertainty study, FigureUncertainty figure) =>
        new(figure.Figure, figure.Interval.Value, figure.Tornado, study.Hypotheses(d => figure.Figure.Read(d.Figures())));
}
