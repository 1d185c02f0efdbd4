using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Technology;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Compare;
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
                    OneUser = Point(1, 190, 190, 480, "weight bandwidth"),
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
            Area = SamplePictures.Area(),
            Power = SamplePictures.Power(),
            Floorplan = SamplePictures.Floorplan("demo", 1),
            Masks = SampleMasks.Pictures,
            Cost = [new Fact("die", "290 USD", "wafer price over good dies"), new Fact("two custom masks", "1.2 M USD")],
            Sweep = SamplePictures.Sweep(log: true),
            Constants = Constants(0.07),
            MostSensitive = ["energy.rom_read_pj_per_bit: 150 to 260 W"],
            Commands = ["./taalas report llama-3.1-8b --fabric hc1 -o report"],
            Remarks = ["Prompts are processed one token at a time."],
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
            },
            Limit = limit,
        };

    private static UncertaintyRange Spread(double value) => new(value, value * 0.85, value * 1.15);
}
