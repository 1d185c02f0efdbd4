using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Charts;
using TaalasSim.Reports.Compare;
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
    /// <param name="commands">Commands that make the report again.</param>
    /// <param name="remarks">What a reader must know besides.</param>
    public static ReportData From(
        DesignLibrary library,
        ChipPlan plan,
        IReadOnlyList<SiteStraps>? straps,
        ChipDescription? description,
        ComparisonReport comparison,
        SweepResult? sweep,
        string product,
        IReadOnlyList<string> commands,
        IReadOnlyList<string> remarks
    )
    {
        var technology = library.Technology(plan.Fabric.Technology);
        var prices = PriceTerms.ForComparison(library, comparison.Utilisation);
        var chip = EvaluationInput.Of(plan);
        var service = new ServiceShape(comparison.InputTokens, comparison.OutputTokens);
        var details = ChipEvaluation.Explain(chip, technology, prices, service);
        var study = new ChipUncertainty(chip, technology, prices, service, library.Anchor(plan.Fabric.Technology));
        var intervals = study.Run(BuildComparison.Draws);
        return new ReportData
        {
            Title = $"{plan.Model.Name} on {plan.Fabric.Name}",
            Product = product,
            Comparison = comparison,
            Chip = [.. ChipFacts.Of(plan), .. description is null ? [] : ChipFacts.Image(description)],
            Evaluation = details,
            Weights = description?.Choice,
            Latency = LatencyParts.Of(
                chip,
                service.MeanContext,
                plan.Fabric.Clock * details.Figures.ClockFraction,
                technology.Calibration.Latency
            ),
            Area = SiliconParts.Area(details.Area, plan.Fabric, intervals[FigureCatalog.DieMm2].Interval),
            Power = SiliconParts.Power(details.Power, intervals[FigureCatalog.Watts].Interval),
            Floorplan = straps is null ? null : FloorplanData.From($"{plan.Fabric.Name}: contents of each site", plan, straps),
            Cost = CostFacts.Of(intervals),
            Sweep = Curves(sweep),
            Constants = ConstantList.Of([
                .. study.Constants.Select(c => new ConstantUse(c.Path, c.Constant)),
                .. GpuConstants(library, comparison),
            ]),
            MostSensitive =
            [
                .. Sensitive(intervals[FigureCatalog.TokensPerSecondUser]),
                .. Sensitive(intervals[FigureCatalog.Watts]),
                .. Sensitive(intervals[FigureCatalog.UsdPerMillionTokens]),
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

    private static SeriesData? Curves(SweepResult? sweep)
    {
        if (sweep?.Spec.Vary.Find(SweepTable.IsNumeric) is not { } axis || sweep.Rows.All(r => r.Status != SweepStatus.Ok))
            return null;
        return SweepCurves.From(sweep, axis.Field, FigureCatalog.TokensPerSecondUser.Key);
    }

    private static IEnumerable<string> Sensitive(FigureUncertainty figure)
    {
        var unit = figure.Figure.Unit;
        foreach (var s in figure.Tornado.Take(5))
        {
            // A swing below the digits shown would read as none.
            if (MeasureText.Of(s.AtLow, unit) == MeasureText.Of(s.AtHigh, unit))
                continue;
            var constant = s.Constant;
            yield return $"{figure.Figure.Label} goes from {MeasureText.Of(s.AtLow, unit)} to {MeasureText.Of(s.AtHigh, unit)} when "
                + $"{s.Path} "
                + $"goes from {NumberText.Significant(constant.Low)} to {NumberText.Significant(constant.High)} {constant.Unit}";
        }
    }
}
