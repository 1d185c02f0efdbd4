using TaalasSim.ChipModel.Evaluation;
using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Charts;
using TaalasSim.Reports.Compare;
using TaalasSim.Reports.Costs;
using TaalasSim.Reports.Pages;
using TaalasSim.Reports.Provenance;
using TaalasSim.Reports.Tests.Charts;

namespace TaalasSim.Reports.Tests.Pages;

/// <summary>A report with every section, from round, invented figures.</summary>
internal static class SampleReport
{
    public static ComparisonReport Comparison(string gpu = "H200") =>
        new()
        {
            Model = "Llama 3.1 8B",
            InputTokens = 1000,
            OutputTokens = 1000,
            Utilisation = 0.5,
            Speed = new SpeedTerms
            {
                CyclesPerToken = 1000,
                ClockGhz = 1,
                ClockSource = "chosen for the sample",
                LatencyFactor = 1,
                LatencyFactorSource = "none",
                SupplyVolts = 0.6,
            },
            Chip = new ComparedSystem
            {
                Name = "HC1-class chip",
                Detail = "rom3, one card",
                OneUser = Point(1, 16_900, 16_900, 200, "banks"),
                FullBatch = Point(4, 12_000, 48_000, 230, "key and value memory"),
            },
            Gpus =
            [
                new ComparedSystem
                {
                    Name = gpu,
                    Detail = "TensorRT-LLM, fp8",
                    OneUser = Point(1, 200, 200, 480, "weight bandwidth"),
                    FullBatch = Point(800, 45, 36_000, 690, "arithmetic"),
                },
                new ComparedSystem
                {
                    Name = "L4",
                    OneUser = Point(1, 19, 19, 70, "weight bandwidth"),
                    FullBatch = null,
                    Unavailable = "one sequence of 2,000 tokens does not fit",
                },
            ],
        };

    public static ReportData Data(string title = "Llama 3.1 8B on HC1", string gpu = "H200") =>
        new()
        {
            Title = title,
            Product = "TaalasSim 0.1.0",
            Comparison = Comparison(gpu),
            Chip = [new Fact("model", "Llama 3.1 8B"), new Fact("weights layer", new string('a', 64), "SHA-256 of weights.mask")],
            Latency = SamplePictures.Latency(),
            Where = new WhereItGoes(Time(), SamplePictures.Area(), SamplePictures.Power()),
            Quality = new QualityFacts([new Fact("perplexity of the chip", "8.11 ± 0.04")], "Not measured: run it."),
            Floorplan = SamplePictures.Floorplan("demo", 1),
            Masks = SampleMasks.Pictures,
            Costs = Costs(),
            Sweep = SamplePictures.Sweep(log: true),
            Constants = Constants(0.07),
            SweepPoints = Points(),
            Moves = [Moves()],
            Commands = ["./taalas report llama-3.1-8b --fabric hc1 -o report"],
            Remarks = ["Prompts are processed one token at a time."],
        };

    /// <summary>A sweep of two points, both on the front.</summary>
    public static SweepView Points(string value = "8,192") =>
        new()
        {
            Title = "Lanes",
            Counts = "2 points were evaluated; 2 fit.",
            Columns = ["vector lanes", "power (W)"],
            Fields = 1,
            Points =
            [
                new SweepViewPoint(["4,096"], [Spread(180)], OnFront: true, Chosen: false),
                new SweepViewPoint([value], [Spread(210)], OnFront: true, Chosen: true),
            ],
            Choice = "The chosen point has more lanes.",
        };

    /// <summary>What moves the power, by one constant and one explanation.</summary>
    public static FigureMoves Moves(string path = "technology.energy.rom_read_pj_per_bit") =>
        new(
            FigureCatalog.Watts,
            200,
            [new Sensitivity(path, Constants(0.07).Items[1].Constant, 150, 260)],
            [new HypothesisEffect("slower_clock", 0.2, 170, "slower in service")]
        );

    private static BreakdownData Time() =>
        new()
        {
            Title = "Time of one token",
            Total = Spread(60),
            Parts = [new BreakdownPart("ROM banks", Spread(40)), new BreakdownPart("network", Spread(20))],
        };

    /// <summary>Costs of the sample beside one alternative and one that cannot be priced.</summary>
    public static CostReport Costs(string name = "h200 rented") =>
        new()
        {
            Model = "Llama 3.1 8B",
            Fabric = "hc1",
            Prices = "2026-11",
            PricesDate = "2026-11-01",
            UsdPerMillionByUtilisation = [],
            UsdPerMillionByWriteOff = [],
            YieldModel = "negative binomial",
            CardsPerModel = 10_000,
            Users = 4,
            Assumptions = [],
            Figures = [new CostFigure("die_usd", "die", "USD", "wafer price over good dies", Spread(290))],
            UsdPerMonth = [.. CostReport.VolumesMillion.Select(_ => Spread(194))],
            OwnModelUsdPerMonth = [.. CostReport.VolumesMillion.Select(_ => Spread(194_000))],
            Alternatives = [Alternative(name, ""), Alternative("l4 rented", "does not fit")],
            Verdict = ["On price the claim does not hold there."],
        };

    private static CostAlternative Alternative(string name, string unavailable) =>
        new()
        {
            Name = name,
            Kind = "hourly",
            TokensPerSecondUser = null,
            UsdPerMillionTokens = Spread(0.11),
            UsdPerMonth = [.. CostReport.VolumesMillion.Select(_ => Spread(2630))],
            CrossOverMillionPerMonth = new UncertaintyRange(6520, 157, double.PositiveInfinity),
            OwnModelCrossOverMillionPerMonth = UncertaintyRange.Exact(0),
            Unavailable = unavailable,
        };

    public static ConstantList Constants(double value) =>
        ConstantList.Of([
            new ConstantUse(
                "technology.wafer.price_usd",
                new Constant
                {
                    Value = 9000,
                    Low = 8000,
                    High = 10_000,
                    Unit = "USD",
                    Source = "price list",
                    Confidence = "medium",
                }
            ),
            new ConstantUse(
                "technology.energy.rom_read_pj_per_bit",
                new Constant
                {
                    Value = value,
                    Low = 0.02,
                    High = 0.12,
                    Unit = "pJ/bit",
                    Source = "a < b & \"c\"",
                    Confidence = "low",
                }
            ),
        ]);

    private static ServicePoint Point(double users, double user, double total, double watts, string limit) =>
        new()
        {
            Users = users,
            Figures = new Dictionary<FigureDefinition, UncertaintyRange>
            {
                [FigureCatalog.TokensPerSecondUser] = Spread(user),
                [FigureCatalog.TokensPerSecondTotal] = Spread(total),
                [FigureCatalog.Watts] = Spread(watts),
                [FigureCatalog.JoulesPerToken] = Spread(watts / total),
                [FigureCatalog.UsdPerMillionTokens] = Spread(watts * 20 / total),
                [FigureCatalog.TimeToFirstTokenUs] = Spread(1e6 / user),
            },
            Limit = limit,
        };

    private static UncertaintyRange Spread(double value) => new(value, value * 0.85, value * 1.15);
}
