using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.ChipModel.Power;
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
        var prices = library.Prices();
        var chip = EvaluationInput.Of(plan);
        var service = new ServiceShape(comparison.InputTokens, comparison.OutputTokens);
        var figures = ChipEvaluation.Evaluate(chip, technology, prices, service);
        var study = new ChipUncertainty(chip, technology, prices, service, library.Anchor(plan.Fabric.Technology));
        var fields = study.Run(BuildComparison.Draws);
        var area = DieArea.Of(plan.Fabric, technology);
        var power = CardPower.At(
            plan.Fabric,
            technology,
            area,
            chip.Activity,
            chip.Schedule,
            service.MeanContext,
            figures.TokensPerSecondTotal / figures.ClockFraction
        );
        UncertaintyRange Of(string name) => fields.First(f => f.Field.Name == name).Interval;
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
                plan.Fabric.ClockGhz.Value * 1e9 * figures.ClockFraction,
                technology.Calibration.Latency
            ),
            Area = SiliconParts.Area(area, plan.Fabric, Of("die_mm2")),
            Power = SiliconParts.Power(power, Of("watts")),
            Floorplan = straps is null ? null : FloorplanData.From($"{plan.Fabric.Name}: contents of each site", plan, straps),
            Cost = CostFacts.Of(fields),
            Sweep = Curves(sweep),
            Constants = ConstantList.Of([
                .. study.Constants.Select(c => new ConstantUse(c.Path, c.Constant)),
                .. GpuConstants(library, comparison),
            ]),
            MostSensitive =
            [
                .. Sensitive(fields, "tokens_per_second_user"),
                .. Sensitive(fields, "watts"),
                .. Sensitive(fields, "usd_per_million_tokens"),
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
        return SweepCurves.From(sweep, axis.Field, "tokens_per_second_user");
    }

    private static IEnumerable<string> Sensitive(IReadOnlyList<FieldUncertainty> study, string name)
    {
        var figure = study.First(f => f.Field.Name == name);
        return figure
            .Tornado.Take(5)
            .Select(s =>
                $"{name} goes from {NumberText.Significant(s.AtLow)} to {NumberText.Significant(s.AtHigh)} {figure.Field.Unit} when {s.Path} goes from {NumberText.Significant(s.Constant.Low)} to {NumberText.Significant(s.Constant.High)} {s.Constant.Unit}"
            );
    }
}
