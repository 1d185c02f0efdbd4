using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Quantities;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Provenance;

namespace TaalasSim.Reports.Pages;

/// <summary>Gathers what a report shows from a plan and the library of descriptions.</summary>
public static class BuildReport
{
    /// <summary>Figures, parts, costs and constants of a chip; floorplan, digests, sweep and remarks are the caller's to add.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="plan">The chip.</param>
    /// <param name="comparison">The chip beside GPUs.</param>
    /// <param name="gpus">Cards of the comparison, for their constants.</param>
    /// <param name="product">Program and version.</param>
    /// <param name="commands">Commands that make the report again.</param>
    public static ReportData From(DesignLibrary library, ChipPlan plan, ComparisonReport comparison, IReadOnlyList<string> gpus, string product, IReadOnlyList<string> commands)
    {
        var chip = PreparedChip.Of(plan);
        var technology = library.Technology(plan.Fabric.Technology);
        var prices = library.Prices();
        var users = comparison.Chip.FullBatch is { } full ? Math.Max(1, (int)full.Users) : 1;
        var one = new ServiceShape(comparison.InputTokens, comparison.OutputTokens);
        var area = DieArea.Of(plan.Fabric, technology);
        var figures = ChipEvaluation.Evaluate(chip, technology, prices, one);
        var nominal = figures.TokensPerSecondTotal / figures.ClockFraction;
        var uncertainty = new ChipUncertainty(chip, technology, prices, one with { Users = users }, library.Anchor(plan.Fabric.Technology));
        var study = uncertainty.Run(BuildComparison.Draws);
        return new ReportData
        {
            Title = $"{plan.Model.Name} on {plan.Fabric.Name}",
            Product = product,
            Comparison = comparison,
            Chip = ChipFacts.Of(plan),
            Latency = LatencyParts.Of(chip, one.MeanContext, plan.Fabric.ClockGhz.Value * 1e9 * figures.ClockFraction, technology.Calibration.Latency),
            Area = SiliconParts.Area(area, plan.Fabric),
            Power = SiliconParts.Power(CardPower.At(plan.Fabric, technology, area, chip.Activity, chip.Schedule, one.MeanContext, nominal), users: 1),
            Cost = CostFacts.Of(study),
            Constants = ConstantList.Of([.. uncertainty.Constants.Select(c => new ConstantUse(c.Path, c.Constant)), .. GpuConstants(library, gpus)]),
            MostSensitive = [.. Sensitive(study, "tokens_per_second_user"), .. Sensitive(study, "watts"), .. Sensitive(study, "usd_per_million_tokens")],
            Commands = commands,
        };
    }

    private static IEnumerable<ConstantUse> GpuConstants(DesignLibrary library, IReadOnlyList<string> gpus)
    {
        foreach (var name in gpus)
            foreach (var (path, constant) in ConstantCatalog.List(library.Gpus.Card(name.Split(':')[0]), $"gpus.{name.Split(':')[0]}"))
                yield return new ConstantUse(path, constant);
        if (gpus.Count > 0)
            foreach (var (name, constant) in library.Gpus.Calibration.Parameters)
                yield return new ConstantUse($"gpus.calibration.{name}", constant);
    }

    private static IEnumerable<string> Sensitive(IReadOnlyList<FieldUncertainty> study, string name)
    {
        var figure = study.First(f => f.Field.Name == name);
        return figure.Tornado.Take(3).Select(s =>
            $"{name} goes from {NumberText.Significant(s.AtLow)} to {NumberText.Significant(s.AtHigh)} {figure.Field.Unit} when {s.Path} goes from {NumberText.Significant(s.Constant.Low)} to {NumberText.Significant(s.Constant.High)} {s.Constant.Unit}");
    }
}
