using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>A command that writes, in two forms whose outputs differ.</summary>
/// <param name="Arguments">Arguments by folder of inputs, which form, and the output's path.</param>
internal sealed record WritingCommand(Func<string, bool, string, string[]> Arguments)
{
    private static readonly Lazy<string> Folder = new(() => new TinyFolder().Written());

    private static readonly Lazy<FakeHub> Hub = new(() =>
    {
        var hub = new FakeHub();
        hub.Files["tiny-Q8_0.gguf"] = File.ReadAllBytes(Shared.InRepo("tests/golden/stories260K/stories260K-q8_0.gguf"));
        hub.Files["README.md"] = "small"u8.ToArray();
        return hub;
    });

    /// <summary>All of them by name.</summary>
    public static IReadOnlyDictionary<string, WritingCommand> All { get; } = Known();

    /// <summary>Name of its output.</summary>
    public string Target { get; init; } = "target";

    /// <summary>Whether the output is a folder that is there before and stays.</summary>
    public bool NeedsFolder { get; init; }

    /// <summary>Whether the output is several files, each of which is old or new.</summary>
    public bool InParts { get; init; }

    /// <summary>Whether nothing is there before.</summary>
    public bool FromNothing { get; init; }

    /// <summary>Whether it talks to a Hub and the output is the Hub's cache.</summary>
    public bool FromHub { get; init; }

    /// <summary>Variables of the environment.</summary>
    public IReadOnlyDictionary<string, string> Environment(string target) =>
        FromHub
            ? new Dictionary<string, string> { ["HF_ENDPOINT"] = Hub.Value.Endpoint, ["HF_HOME"] = target }
            : new Dictionary<string, string>();

    /// <summary>One of two chip images.</summary>
    public static string Chip(string inputs, bool second) => Path.Combine(inputs, second ? "second.chip" : "first.chip");

    private static Dictionary<string, WritingCommand> Known() =>
        new(OfModels().Concat(OfChips()).Concat(OfDescriptions()), StringComparer.Ordinal);

    private static Dictionary<string, WritingCommand> OfModels() =>
        new(StringComparer.Ordinal)
        {
            ["compile"] = Of((_, second, target) => ["compile", Taalas.StoriesModel, "-o", target, "--weights", second ? "rom3" : "rom4"]),
            ["quantize"] = Of((_, second, target) => ["quantize", Taalas.StoriesModel, target, second ? "q8_0" : "q4_0"]),
            ["convert"] = Of((_, second, target) => ["convert", Folder.Value, "-o", target, "--type", second ? "q8_0" : "f32"]),
            ["import"] = OfChip((chip, _, target) => ["import", chip + ".gds", "--like", chip, "-o", target]),
            ["pull"] = Of((_, _, _) => ["pull", "hf:a/b"]) with { FromNothing = true, InParts = true, FromHub = true },
        };

    private static Dictionary<string, WritingCommand> OfChips() =>
        new(StringComparer.Ordinal)
        {
            ["export-verilog"] = OfChip((chip, _, target) => ["export", chip, "--verilog", target]),
            ["export-gds"] = OfChip((chip, _, target) => ["export", chip, "--gds", Path.Combine(target, "a.gds")]) with
            {
                NeedsFolder = true,
                InParts = true,
            },
            ["export-timetable"] = OfChip((chip, second, target) => ["export", chip, "--timetable", target, "--users", second ? "2" : "1"]),
            ["export-trace"] = OfChip((chip, second, target) => ["export", chip, "--trace", target, "--tokens", second ? "2" : "1"]),
            ["export-runtime-image"] = OfChip((chip, _, target) => ["export", chip, "--runtime-image", target]),
            ["export-pictures"] = OfChip((chip, _, target) => ["export", chip, "--pictures", target]),
            ["report"] = OfChip((chip, _, target) => ["report", chip, "-o", target]),
            ["run-logits"] = OfChip((chip, _, target) => ["run", chip, "-p", "Once", "-n", "4", "--greedy", "--logits", target]),
            ["perplexity-base"] = OfChip(
                (chip, _, target) =>
                    [
                        "perplexity",
                        chip,
                        "-f",
                        Shared.InRepo("tests/golden/story.txt"),
                        "--ctx-size",
                        "16",
                        "--chunks",
                        "1",
                        "--kl-base",
                        target,
                    ]
            ),
            ["diff-gds"] = Of((inputs, second, target) => ["diff", Chip(inputs, second: false), Chip(inputs, second), "--gds", target]),
        };

    private static Dictionary<string, WritingCommand> OfDescriptions() =>
        new(StringComparer.Ordinal)
        {
            ["sweep"] = Of((_, _, target) => ["sweep", Shared.InRepo("chips/sweeps/demo.yaml"), "-o", target]) with
            {
                FromNothing = true,
                InParts = true,
            },
            ["cost-workbook"] = Of(
                (_, second, target) => ["cost", "llama-3.2-1b", "--cards", second ? "5000" : "1000", "--workbook", target]
            ) with
            {
                Target = "target.xlsx",
            },
            ["replay"] = Of(
                (_, second, target) => ["replay", "llama-3.2-1b", "--requests", "20", "--rate", second ? "2" : "1", "--csv", target]
            ),
            ["forecast-picture"] = Of(
                (_, second, target) =>
                    [
                        "forecast",
                        TinyTimesFm.Folder,
                        "--csv",
                        Path.Combine(TinyTimesFm.Folder, "series.csv"),
                        "--horizon",
                        second ? "4" : "3",
                        "--plot",
                        target,
                    ]
            ) with
            {
                Target = "target.svg",
            },
            ["validate-pictures"] = Of((_, second, target) => ["validate", second ? "silicon" : "synthesis", "--plots", target]) with
            {
                InParts = true,
            },
        };

    private static WritingCommand Of(Func<string, bool, string, string[]> arguments) => new(arguments);

    private static WritingCommand OfChip(Func<string, bool, string, string[]> arguments) =>
        new((inputs, second, target) => arguments(Chip(inputs, second), second, target));
}
