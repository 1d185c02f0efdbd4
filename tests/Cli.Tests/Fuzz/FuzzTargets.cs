using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Fuzz;

/// <summary>Every kind of input that reaches the program as a file or an answer of the Hub.</summary>
internal static class FuzzTargets
{
    private static readonly Dictionary<string, Func<TemporaryFolder, FuzzTarget>> Known = new(StringComparer.Ordinal)
    {
        ["gguf"] = ModelTargets.Gguf,
        ["safetensors"] = ModelTargets.Safetensors,
        ["sentencepiece"] = ModelTargets.SentencePiece,
        ["timesfm"] = ModelTargets.TimesFm,
        ["lora"] = ModelTargets.Lora,
        ["peft"] = ModelTargets.Peft,
        ["imatrix"] = ModelTargets.ImportanceMatrix,
        ["image"] = ImageTargets.Image,
        ["chip-yaml"] = ImageTargets.Description,
        ["gds"] = ImageTargets.Gds,
        ["mask-rules"] = ImageTargets.MaskRules,
        ["key"] = ImageTargets.Key,
        ["fabric"] = folder =>
            DescriptionTargets.Of(folder, "fabrics", ["fit", "llama-3.2-1b", "--fabric"], ["cost", "llama-3.2-1b", "--fabric"]),
        ["technology"] = folder => DescriptionTargets.Shipped(folder, "technology", "n6.yaml"),
        ["shape"] = folder => DescriptionTargets.Of(folder, "models", ["fit"], ["cost"]),
        ["gpu"] = folder => DescriptionTargets.Shipped(folder, "gpus", "h200.yaml"),
        ["prices"] = folder => DescriptionTargets.Shipped(folder, "prices", "2026-11.yaml"),
        ["link"] = folder => DescriptionTargets.Shipped(folder, "links", "pcie.yaml"),
        ["cooling"] = folder => DescriptionTargets.Shipped(folder, "cooling", "air.yaml"),
        ["sweep"] = DescriptionTargets.Sweep,
        ["measurements"] = DescriptionTargets.Measurements,
        ["jinja"] = TextTargets.Jinja,
        ["calibration"] = TextTargets.Calibration,
        ["log-probabilities"] = TextTargets.LogProbabilities,
        ["journal"] = TextTargets.Journal,
        ["trace"] = TextTargets.Trace,
        ["series"] = TextTargets.Series,
        ["hub"] = HubTarget.Create,
    };

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => Known.Keys;

    /// <summary>A kind, with a folder for its files.</summary>
    public static FuzzTarget Create(string name, TemporaryFolder folder) => Known[name](folder);
}
