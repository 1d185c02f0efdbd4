using System.Globalization;
using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Quantities;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Timing;
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
        DesignLibrary library, ChipPlan plan, IReadOnlyList<SiteStraps>? straps, ChipDescription? description, ComparisonReport comparison,
        SweepResult? sweep, string product, IReadOnlyList<string> commands, IReadOnlyList<string> remarks)
    {
        var technology = library.Technology(plan.Fabric.Technology);
        var prices = library.Prices();
        var chip = PreparedChip.Of(plan);
        var service = new ServiceShape(comparison.InputTokens, comparison.OutputTokens);
        var figures = ChipEvaluation.Evaluate(chip, technology, prices, service);
        var study = new ChipUncertainty(chip, technology, prices, service, library.Anchor(plan.Fabric.Technology));
        var fields = study.Run(BuildComparison.Draws);
        var area = DieArea.Of(plan.Fabric, technology);
        var power = CardPower.At(plan.Fabric, technology, area, chip.Activity, chip.Schedule, service.MeanContext, figures.TokensPerSecondTotal / figures.ClockFraction);
        Interval Of(string name) => fields.First(f => f.Field.Name == name).Interval;
        return new ReportData
        {
            Title = $"{plan.Model.Name} on {plan.Fabric.Name}",
            Product = product,
            Comparison = comparison,
            Chip = [.. ChipFacts(plan, description, Of("die_mm2"))],
            Latency = Latency(plan, chip.Schedule, technology, service.MeanContext),
            Area = Breakdown("Area of one die", area.Parts.Select(p => (p.Part, p.Mm2)), Of("die_mm2")),
            Power = Breakdown("Power of the card, one user", power.Parts.Select(p => (p.Part, p.Watts)), Of("watts")),
            Floorplan = straps is null ? null : FloorplanData.From($"{plan.Fabric.Name}: what stands on each site", plan, straps),
            Cost = [.. CostFacts(fields)],
            Sweep = sweep is null ? null : SweepCurves.Of(sweep),
            Constants = ConstantList.Of(study.Constants.Select(c => new ConstantUse(c.Path, c.Constant))),
            MostSensitive = [.. fields.First(f => f.Field.Name == "tokens_per_second_user").Tornado.Take(5).Select(s => Sentence(s, "tokens/s")),
                .. fields.First(f => f.Field.Name == "watts").Tornado.Take(5).Select(s => Sentence(s, "W"))],
            Commands = commands,
            Remarks = remarks,
        };
    }

    private static IEnumerable<Fact> ChipFacts(ChipPlan plan, ChipDescription? description, Interval die)
    {
        var formats = plan.Ports.GroupBy(p => p.Format).Select(g => $"{g.Key} for {Number(g.Sum(p => p.Weights))} weights");
        yield return new Fact("Model", plan.Model.Name, $"{plan.Model.Layers} layers, {plan.Model.EmbeddingLength} wide, vocabulary {Number(plan.Model.VocabularySize)}");
        yield return new Fact("Fabric", plan.Fabric.Name, plan.Fabric.Description);
        yield return new Fact("Weights", string.Join(", ", formats), "code formats in ROM");
        yield return new Fact("Bank sites", $"{Number(plan.SitesUsed)} of {Number(plan.Sites)}", $"banks of {plan.Fabric.Bank.Rows} rows × {plan.Fabric.Bank.Columns} columns");
        yield return new Fact("Die", $"{Short(die.Value)} mm² ({Short(die.Low)} – {Short(die.High)})", $"{plan.Fabric.Dies} on the card");
        yield return new Fact("KV SRAM", $"{Short(plan.Fabric.KvSram.CapacityMb)} MB per die", $"keys and values of {plan.Fabric.Numerics.KvBits} bits");
        if (description is null)
            yield break;
        var r = description.Resources;
        yield return new Fact("Weights layer", $"{Number(r.WeightsLayerVias)} vias for {Number(r.WeightsLayerBits)} bits", $"sha256 {description.Files.Weights.Sha256}");
        yield return new Fact("Dataflow layer", $"{Number(r.DataflowLayerStraps)} straps", $"sha256 {description.Files.Dataflow.Sha256}");
        yield return new Fact("Model file", description.Source.File, $"sha256 {description.Source.Sha256}");
    }

    private static IEnumerable<Fact> CostFacts(IReadOnlyList<FieldUncertainty> fields)
    {
        foreach (var (name, words) in new[]
        {
            ("yield", "Good dies of all (negative binomial)"), ("dies_per_wafer", "Dies per wafer"), ("die_usd", "Good die"), ("card_usd", "Card at cost"),
            ("one_time_usd_per_model", "One-time cost of the model's two mask layers and compilation"), ("turnaround_weeks", "Finished model to cards"),
            ("usd_per_million_tokens", "All in"),
        })
        {
            var f = fields.First(x => x.Field.Name == name);
            yield return new Fact(words, $"{Short(f.Interval.Value)} {f.Field.Unit} ({Short(f.Interval.Low)} – {Short(f.Interval.High)})", f.Field.Formula);
        }
    }

    private static LatencyData Latency(ChipPlan plan, TokenSchedule schedule, TechnologySpec technology, double context)
    {
        var secondsPerCycle = technology.Calibration.Latency / (plan.Fabric.ClockGhz * 1e9);
        var layers = schedule.Stages.Where(s => s.Layer >= 0).ToArray();
        LatencyStage Stage(string name, LayerSchedule stage) =>
            new(name, [.. CriticalPath.Of(stage, context).GroupBy(p => p.Unit).Select(g => new LatencyPart(Words(g.Key), g.Sum(p => p.Cycles) * secondsPerCycle))]);
        return new LatencyData
        {
            Title = $"Where the time of a token goes, {context.ToString("0", CultureInfo.InvariantCulture)} tokens of context",
            Stages =
            [
                Stage("embedding", schedule.Stages[0]),
                Stage($"one of {layers.Length} layers", layers[0]),
                Stage("output and sampler", schedule.Output),
            ],
        };
    }

    private static BreakdownData Breakdown(string title, IEnumerable<(string Part, double Value)> parts, Interval total) => new()
    {
        Title = title,
        // The parts share the spread of the total: what is uncertain is mostly their common scale.
        Parts = [.. parts.Where(p => p.Value > 0).Select(p => new BreakdownPart(p.Part.Replace('_', ' '), total.Value > 0 ? new Interval(p.Value, p.Value * total.Low / total.Value, p.Value * total.High / total.Value) : Interval.Exact(p.Value)))],
    };

    private static string Sentence(Sensitivity s, string unit) =>
        $"{s.Path} from {Short(s.Constant.Low)} to {Short(s.Constant.High)} {s.Constant.Unit}: {Short(s.AtLow)} to {Short(s.AtHigh)} {unit}";

    private static string Words(FabricUnit unit) => unit switch
    {
        FabricUnit.Bank => "banks",
        FabricUnit.Reduction => "reduction",
        FabricUnit.Network => "network",
        FabricUnit.Vector => "vector lanes",
        FabricUnit.KvSram => "KV SRAM",
        FabricUnit.Sampler => "sampler",
        _ => "die link",
    };

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Short(double value) => value == 0 ? "0" : Math.Abs(value) >= 1000 ? value.ToString("N0", CultureInfo.InvariantCulture) : value.ToString("G3", CultureInfo.InvariantCulture);
}
