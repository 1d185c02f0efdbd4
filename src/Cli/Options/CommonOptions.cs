using System.CommandLine;
using TaalasSim.Compiler.Quantize;

namespace TaalasSim.Cli.Options;

/// <summary>Options that several commands share, spelled the same everywhere.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() =>
        new("--json") { Description = "Print one JSON document with snake_case keys and nothing else on standard output." };

    public static Option<string> Fabric(string standard = "demo") =>
        new("--fabric")
        {
            Description = "Fabric: a name of chips/fabrics or a YAML file.",
            DefaultValueFactory = _ => standard,
            HelpName = "NAME|FILE",
        };

    public static Option<string?> Weights() =>
        new("--weights")
        {
            Description =
                $"How matrices are stored: preserve (the file's own codes), auto (compile, fit: chosen per matrix by measurement), or all encoded in one of {string.Join(' ', ChooseCodeFormats.Encodable.Select(f => f.Name))}; default: the fabric's.",
            HelpName = "FORMAT",
        };

    public static Option<string?> Explain() =>
        new("--explain")
        {
            Description = "Explain one figure instead: formula, inputs, constants and their sources, e.g. watts or usd_per_million_tokens.",
            HelpName = "FIELD",
        };

    public static Option<string[]> AdapterInSram() =>
        new("--lora-sram")
        {
            Description =
                "Keep a LoRA adapter in the SRAM that holds keys and values, exchangeable without new masks; may be given several times.",
            HelpName = "FILE[:SCALE]",
            DefaultValueFactory = _ => [],
        };

    public static Option<double> Utilisation() =>
        new("--utilisation")
        {
            Description = "Share of the time under load, the same for all systems, above 0 and at most 1 (0: as the price list says).",
            HelpName = "U",
        };

    public static Option<int> Chips() =>
        new("--chips") { Description = "Dies that share the model (0: as the fabric says).", HelpName = "N" };

    public static Option<int> Context(string standard = "the most that the chip allows") =>
        new("--context") { Description = $"Tokens that one user must be able to hold (0: {standard}).", HelpName = "N" };

    public static Argument<string> ChipOrModel() =>
        new("CHIP|MODEL")
        {
            Description =
                "A chip image, a GGUF file, the folder of a Hugging Face model, hf:USER/NAME[:QUANT], or the name of a shape in chips/models.",
        };

    /// <summary>Null where nothing is said.</summary>
    public static Option<int?> PromptTokens() =>
        new("--input")
        {
            Description = "Prompt tokens per request (1000, or fewer where the model's context is shorter).",
            HelpName = "N",
        };

    /// <summary>Null where nothing is said.</summary>
    public static Option<int?> AnswerTokens(string name = "--output") =>
        new(name)
        {
            Description = "Answer tokens per request (1000, or fewer where the model's context is shorter).",
            HelpName = "N",
        };

    public static Argument<string> Model(
        string description =
            "A GGUF file, the folder of a Hugging Face model, hf:USER/NAME[:QUANT], or the name of a shape in chips/models."
    ) => new("MODEL") { Description = description };
}
