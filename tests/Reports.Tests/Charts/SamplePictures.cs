using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Placement;
using TaalasSim.Compiler.Quantize;
using TaalasSim.Reports.Charts;
using TaalasSim.Support;

namespace TaalasSim.Reports.Tests.Charts;

/// <summary>One of each picture from round, invented figures.</summary>
internal static class SamplePictures
{
    public static IReadOnlyDictionary<string, Func<Picture>> All { get; } =
        new Dictionary<string, Func<Picture>>(StringComparer.Ordinal)
        {
            ["service-map"] = () => ServiceMapChart.Draw(ServiceMap("H200")),
            ["latency"] = () => LatencyChart.Draw(Latency()),
            ["area"] = () => AreaChart.Draw(Area()),
            ["power"] = () => PowerChart.Draw(Power()),
            ["floorplan"] = () => FloorplanChart.Draw(Floorplan("hc1", 1)),
            ["floorplan-dies"] = () => FloorplanChart.Draw(Floorplan("demo", 3)),
            ["sweep"] = () => SeriesChart.Draw(Sweep(log: true)),
            ["sweep-linear"] = () => SeriesChart.Draw(Sweep(log: false)),
            ["mask-density"] = () => DieMapChart.Draw(SampleMasks.Pictures.Density),
            ["mask-difference"] = () => DieMapChart.Draw(SampleMasks.Change()),
            ["mask-bank"] = () => BankChart.Draw(SampleMasks.Pictures.Bank),
            ["mask-vias"] = () => ViaChart.Draw(SampleMasks.Pictures.Bank),
            ["mask-straps"] = () => StrapChart.Draw(SampleMasks.Pictures.Bank),
            ["parity"] = () => ParityChart.Draw(Parity()),
            ["errors"] = () => ErrorChart.Draw(Errors()),
            ["forecast"] = () => FanChart.Draw(Fan()),
        };

    /// <summary>Systems that stand close to one another, so that labels must give way.</summary>
    public static ServiceMapData ServiceMap(string gpu) =>
        new()
        {
            Title = "Llama 3.1 8B, 1,000 tokens in, 1,000 out",
            Points =
            [
                Point("HC1-class chip", true, 200, 170, 250, 16_900, 14_000, 19_000),
                Point("HC1-class chip", false, 215, 180, 260, 15_200, 13_000, 18_000),
                Point(gpu, true, 480, 420, 560, 190, 170, 215),
                Point(gpu, false, 690, 640, 700, 45, 38, 52),
                Point("H100 SXM", true, 470, 410, 540, 165, 150, 180),
                Point("H100 SXM", false, 680, 640, 700, 42, 36, 48),
                Point("B200", true, 600, 520, 720, 280, 240, 320),
                Point("B200", false, 960, 900, 1000, 60, 50, 75),
                Point("L4", true, 70, 65, 72, 19, 17, 21),
            ],
        };

    /// <summary>A yearly wave with a gap, and quantiles that spread with the distance.</summary>
    public static FanData Fan() =>
        new()
        {
            Title = "Forecast of 24 points",
            YLabel = "sales",
            Known = [.. Enumerable.Range(-71, 72).Select(i => i is > -40 and < -36 ? double.NaN : Wave(i))],
            Quantiles =
            [
                .. Enumerable
                    .Range(1, 24)
                    .Select(i => (double[])[.. Enumerable.Range(1, 9).Select(q => Wave(i) + ((q - 5) * Math.Sqrt(i)))]),
            ],
        };

    private static double Wave(int i) => 100 + (0.3 * i) + (20 * Math.Sin(2 * Math.PI * i / 12));

    public static LatencyData Latency() =>
        new()
        {
            Title = "Time of one token",
            Stages =
            [
                new LatencyStage("embedding", [new LatencyPart("banks", 20e-9), new LatencyPart("network", 30e-9)]),
                new LatencyStage(
                    "one of 32 layers",
                    [
                        new LatencyPart("banks", 1024e-9),
                        new LatencyPart("reduction", 60e-9),
                        new LatencyPart("network", 160e-9),
                        new LatencyPart("vector", 190e-9),
                        new LatencyPart("key and value memory", 240e-9),
                    ],
                    32
                ),
                new LatencyStage(
                    "output",
                    [
                        new LatencyPart("banks", 264e-9),
                        new LatencyPart("reduction", 20e-9),
                        new LatencyPart("network", 80e-9),
                        new LatencyPart("sampler", 145e-9),
                    ]
                ),
            ],
        };

    public static BreakdownData Area() =>
        new()
        {
            Title = "Die area",
            Parts =
            [
                new("bank ROM", new UncertaintyRange(310, 280, 350)),
                new("bank logic", new UncertaintyRange(330, 250, 420)),
                new("key and value memory", new UncertaintyRange(80, 70, 95)),
                new("vector lanes", new UncertaintyRange(40, 30, 60)),
                new("network", new UncertaintyRange(33, 20, 50)),
                new("sampler", new UncertaintyRange(0.4, 0.3, 0.6)),
            ],
        };

    public static BreakdownData Power() =>
        new()
        {
            Title = "Power at one user",
            Parts =
            [
                new("leakage", new UncertaintyRange(60, 40, 90)),
                new("bank logic", new UncertaintyRange(82, 60, 120)),
                new("card", new UncertaintyRange(15, 8, 25)),
                new("regulators", UncertaintyRange.Exact(21)),
            ],
        };

    public static FloorplanData Floorplan(string name, int dies)
    {
        var fabric = YamlReader.Read<FabricSpec>(Shared.InRepo($"chips/fabrics/{name}.yaml")) with { Dies = dies };
        var shape = YamlReader.Read<ModelShape>(Shared.InRepo("chips/models/llama-3.1-8b.yaml"));
        if (name == "demo")
            shape = shape with
            {
                Layers = 9,
                EmbeddingLength = 1024,
                FeedForwardLength = 3072,
                Heads = 16,
                KvHeads = 4,
                HeadSize = 64,
                VocabularySize = 4096,
            };
        var graph = BuildModelGraph.From(shape, ShapeTraits.Plain);
        var placed = PlaceModel.Place(graph, fabric, ChooseCodeFormats.ForShape(graph, fabric.DefaultWeights), 0);
        return FloorplanData.From($"{shape.Name} on {fabric.Name}", placed.Plan, placed.SitesOfPort);
    }

    public static SeriesData Sweep(bool log) =>
        new()
        {
            Title = "Speed over rows of a bank",
            XLabel = "fabric.bank.rows",
            YLabel = "speed for one user (tokens/s)",
            LogX = log,
            LogY = log,
            Curves =
            [
                .. new[] { 1, 2, 4 }.Select(users => new Series(
                    $"users {users}",
                    [
                        .. new[] { 128, 256, 512, 1024 }.Select(rows => new SeriesPoint(
                            rows,
                            new UncertaintyRange(4e6 / (rows + 60) / users, 3.2e6 / (rows + 60) / users, 4.6e6 / (rows + 60) / users)
                        )),
                    ]
                )),
            ],
        };

    public static ParityData Parity() =>
        new()
        {
            Title = "GPU decode speed",
            Unit = "tokens/s",
            Points =
            [
                .. from card in Enumerable.Range(0, 5)
                from i in Enumerable.Range(0, 9)
                let m = 20 * Math.Pow(1.9, i) * (1 + card)
                let p = m * (1 + (0.2 * Math.Sin((i * 7) + card)))
                select new ParityPoint($"card {(char)('A' + card)}", m, new UncertaintyRange(p, p * 0.85, p * 1.2)),
            ],
        };

    public static ErrorData Errors() =>
        new()
        {
            Title = "Error by card",
            Groups =
            [
                .. Enumerable
                    .Range(0, 5)
                    .Select(g => new ErrorGroup(
                        $"card {(char)('A' + g)}",
                        [.. Enumerable.Range(0, 12).Select(i => 0.25 * Math.Sin((i * 5) + g))]
                    )),
                new ErrorGroup("far off", [1.8, -0.2]),
            ],
        };

    private static ServiceMapPoint Point(
        string system,
        bool oneUser,
        double w,
        double wLow,
        double wHigh,
        double t,
        double tLow,
        double tHigh
    ) =>
        new()
        {
            System = system,
            OneUser = oneUser,
            Watts = new UncertaintyRange(w, wLow, wHigh),
            TokensPerSecondUser = new UncertaintyRange(t, tLow, tHigh),
        };
}
