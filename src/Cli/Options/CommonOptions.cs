using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Quantize;

namespace TaalasSim.Cli.Options;

/// <summary>Options that several commands share, spelled the same everywhere.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() =>
        new("--json") { Description = "Print one JSON document with snake_case keys and nothing else on standard output." };

    public static Option<string?> Weights() =>
        new("--weights")
        {
            Description =
                "How matrices are stored: preserve (the file's own codes), auto (compile, fit: chosen per matrix by measurement), or "
                + $"all encoded in one of {string.Join(' ', ChooseCodeFormats.Encodable.Select(f => f.Name))}; default: the "
                + "fabric's.",
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

    public static NumberOption<int> Threads() => new(Ranges.Threads, 0, "Host threads (0: one per core).", "--threads", "-t");

    /// <summary>Threads to run with, for a value of <see cref="Threads"/>.</summary>
    public static int HostThreads(int given) => given > 0 ? given : Environment.ProcessorCount;

    public static NumberOption<double> Utilisation() =>
        new(
            Ranges.Utilisation,
            0,
            "Share of the time under load, the same for all systems, 0.001 to 1 (0: as the price list says).",
            "--utilisation"
        );

    public static NumberOption<int> Chips() => new(Ranges.Dies, 0, "Dies that share the model (0: as the fabric says).", "--chips");

    public static NumberOption<int> Context(string standard = "the most that the chip allows") =>
        new(Ranges.LengthOrNone, 0, $"Tokens that one user must be able to hold (0: {standard}).", "--context");

    public static Option<string> Against() =>
        new("--against")
        {
            Description = "GPUs, comma-separated; each NAME[:ENGINE[:WEIGHTS[:CARDS]]] from chips/gpus.",
            DefaultValueFactory = _ => "h200",
            HelpName = "h200,…",
        };

    public static NumberOption<int> GpuCards() =>
        new(Ranges.GpuCards, 1, "Cards of each GPU that share the model, each matrix in parts (tensor parallel).", "--gpu-cards");

    /// <summary>GPUs of a list, each with its number of cards.</summary>
    /// <param name="list">Comma-separated <c>NAME[:ENGINE[:WEIGHTS[:CARDS]]]</c>.</param>
    /// <param name="cards">Cards of those that state none.</param>
    /// <param name="option">Name of the option, for messages.</param>
    /// <exception cref="InputException">The list names none.</exception>
    public static string[] Gpus(string list, int cards, string option = "--against")
    {
        var names = list.Split(',', StringSplitOptions.TrimEntries);
        if (names.Any(name => name.Length == 0))
            throw new InputException($"{option} '{list}': names of GPUs with commas between them, such as h200,b200 (./taalas list gpus)");
        if (names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new InputException($"{option} '{list}': {twice.Key} is named twice; name each GPU once");
        return cards == 1
            ? names
            :
            [
                .. names.Select(name =>
                    name.Count(c => c == ':') >= 3 || name[^1] == ':'
                        ? name
                        : string.Join(
                            ':',
                            (string[])[.. name.Split(':').Concat(["", ""]).Take(3), cards.ToString(CultureInfo.InvariantCulture)]
                        )
                ),
            ];
    }

    public static NumberOption<int> ChunkTokens() =>
        new(
            Ranges.Chunk,
            512,
            "Tokens per chunk; the second half of each is scored. Not given, it shrinks to the model's context.",
            "-c",
            "--ctx-size"
        );

    /// <summary>Tokens per chunk: the standard number shrinks to the context with a word, one that was asked for does not.</summary>
    public static int ChunkTokensOf(ParseResult parsed, NumberOption<int> option, int context)
    {
        var tokens = parsed.GetValue(option);
        if (tokens <= context || parsed.GetResult(option) is { Implicit: false })
            return tokens;
        Notices.Tell($"chunks of {context} tokens instead of {tokens}: the context holds no more; choose with -c");
        return context;
    }

    public static NumberOption<int> Chunks() => new(Ranges.Chunks, -1, "Maximum number of chunks (-1: all).", "--chunks");

    public static NumberOption<int> Segment() => new(Ranges.Index, 0, "Output segment of the port.", "--segment");

    public static Argument<string> Model(
        string description =
            "A GGUF file, the folder of a Hugging Face model, hf:USER/NAME[:QUANT], or the name of a shape in chips/models."
    ) => new("MODEL") { Description = description };
}
