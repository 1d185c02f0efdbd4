using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Compiler.Tokenizer.ChatTemplates;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Engine;
using TaalasSim.Runtime.Host.Driver;
using TaalasSim.Runtime.Host.Generate;

namespace TaalasSim.Cli.Commands;

/// <summary><c>run CHIP</c>: tokens, with the simulated speed and power.</summary>
internal sealed class RunCommand
{
    private const string Trusted = "signed by a trusted key";

    private readonly Argument<string> _chip = new("CHIP")
    {
        Description =
            "Folder of a chip image; or a GGUF file, the folder of a Hugging Face model, or hf:USER/NAME[:QUANT], which is compiled first into an image that goes with the run.",
    };
    private readonly Option<string> _fabric = CommonOptions.Fabric();
    private readonly Option<string> _weights = new("--weights")
    {
        Description =
            "How the weights of a model that is compiled first are stored: preserve (its own codes), or a code format such as rom4.",
        DefaultValueFactory = _ => "preserve",
        HelpName = "FORMAT",
    };
    private readonly Option<int> _chips = CommonOptions.Chips();
    private readonly Option<string?> _prompt = new("-p", "--prompt") { Description = "Prompt text.", HelpName = "TEXT" };
    private readonly Option<string?> _ids = new("--prompt-ids")
    {
        Description = "Prompt as token ids, comma-separated; nothing is added.",
        HelpName = "1,2,3",
    };
    private readonly Option<int> _count = new("-n")
    {
        Description = "Maximum number of new tokens; 0 evaluates only the prompt.",
        DefaultValueFactory = _ => 64,
        HelpName = "N",
    };
    private readonly Option<bool> _greedy = new("--greedy") { Description = "Always choose the most likely token." };
    private readonly Option<long> _seed = new("--seed")
    {
        Description = "Seed of the sampler (−1: random).",
        DefaultValueFactory = _ => -1,
        HelpName = "N",
    };
    private readonly Option<float> _temperature = new("--temp")
    {
        Description = "Temperature; 0 is greedy.",
        DefaultValueFactory = _ => 0.8f,
        HelpName = "T",
    };
    private readonly Option<int> _topK = new("--top-k")
    {
        Description = "Keep the k most likely tokens (0: all).",
        DefaultValueFactory = _ => 40,
        HelpName = "K",
    };
    private readonly Option<float> _topP = new("--top-p")
    {
        Description = "Keep the smallest set of probability p.",
        DefaultValueFactory = _ => 0.95f,
        HelpName = "P",
    };
    private readonly Option<float> _minP = new("--min-p")
    {
        Description = "Drop tokens less likely than p times the best.",
        DefaultValueFactory = _ => 0.05f,
        HelpName = "P",
    };
    private readonly Option<bool> _ignoreEnd = new("--ignore-eos") { Description = "Continue after an end-of-generation token." };
    private readonly Option<string?> _logits = new("--logits")
    {
        Description = "Write little-endian float32 logits, one row per prompt position.",
        HelpName = "FILE",
    };
    private readonly Option<bool> _profile = new("--profile")
    {
        Description = "Also print the critical path of the request on the event engine: part, cycles, share, limited by.",
    };
    private readonly Option<long?> _probe = new("--probe")
    {
        Description = "Also print what every token on the chip does at this cycle of the event engine, and what blocks it.",
        HelpName = "CYCLE",
    };
    private readonly ChatOptions _chat = new();
    private readonly SimulationOptions _simulation = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        var self = new RunCommand();
        var command = new Command(
            "run",
            "Run a chip: tokens with simulated tokens/s, time to first token, watts and joules per token. Example: ./taalas run stories.chip -p 'Once upon a time' -n 40 --greedy"
        )
        {
            self._chip,
            self._prompt,
            self._ids,
            self._count,
            self._greedy,
            self._seed,
            self._temperature,
            self._topK,
            self._topP,
            self._minP,
            self._ignoreEnd,
            self._logits,
            self._profile,
            self._probe,
            self._fabric,
            self._weights,
            self._chips,
            self._json,
        };
        self._chat.AddTo(command);
        self._simulation.AddTo(command);
        command.SetAction((parsed, cancel) => Task.FromResult(self.Run(parsed, cancel)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancel)
    {
        var request = Request(parsed);
        var (text, ids, chatting) = Asked(parsed);
        using var chip = ChipInput.Open(
            parsed.GetRequiredValue(_chip),
            () => ChipsFolder.Fabric(parsed.GetValue(_fabric)!, parsed.GetValue(_chips)),
            parsed.GetValue(_weights)!,
            cancel
        );
        using var machine = _simulation.PowerOn(parsed, chip.Path, cancel);
        if (chatting)
            text = _chat.Render(parsed, text!, machine.Tokenizer);
        var tokens =
            text is null ? Ids(ids!, machine.Chip.Model.VocabularySize)
            : chatting ? ChatPrompt.Encode(machine.Tokenizer, text)
            : machine.Tokenizer.Encode(text, addSpecial: true, parseSpecial: true);
        var json = parsed.GetValue(_json);
        var stream = json ? null : new StreamingDecoder(machine.Tokenizer);
        var result = Generate(machine, tokens, request, parsed.GetValue(_logits), stream, cancel);
        var (profile, probe) = (parsed.GetValue(_profile), parsed.GetValue(_probe));
        var engine = profile || probe is not null ? new EngineProfile(machine.Chip, result.PromptTokens, result.Tokens.Count) : null;
        var outcome = new Outcome(
            result,
            RunFigures.Of(result, machine, ChipsFolder.LatencyFactor(machine.Chip.Fabric)),
            engine,
            profile ? engine!.Path(cancel) : null,
            probe
        );
        if (json)
        {
            PrintJson(machine, text, request, outcome, Signature(parsed));
            return ExitCode.Done;
        }

        Console.Out.WriteLine(stream!.Flush());
        PrintFigures(machine, outcome, Signature(parsed));
        return ExitCode.Done;
    }

    // One word about the image; with --trust no other one runs.
    private string Signature(ParseResult parsed) =>
        _simulation.TrustedOf(parsed) is not null ? Trusted
        : ImageSignature.IsThere(parsed.GetRequiredValue(_chip)) ? "signed, not checked"
        : "unsigned";

    private GenerationRequest Request(ParseResult parsed)
    {
        var sampler = Sampler(parsed);
        if (parsed.GetValue(_count) is < 0 or > 1 << 24)
            throw new InputException($"-n {parsed.GetValue(_count)}: use 0 or more");
        if (parsed.GetValue(_probe) is < 0 and var cycle)
            throw new InputException($"--probe {cycle}: use a cycle from 0 on");
        return new GenerationRequest
        {
            MaximumTokens = parsed.GetValue(_count),
            Sampler = sampler,
            IgnoreEndOfGeneration = parsed.GetValue(_ignoreEnd),
        };
    }

    private SamplerSettings Sampler(ParseResult parsed)
    {
        var seed = parsed.GetValue(_seed);
        var sampler = new SamplerSettings
        {
            Temperature = parsed.GetValue(_greedy) ? 0 : parsed.GetValue(_temperature),
            TopK = (uint)Math.Max(0, parsed.GetValue(_topK)),
            TopP = parsed.GetValue(_topP),
            MinP = parsed.GetValue(_minP),
            RepeatPenalty = 1,
            Seed =
                seed is >= 0 and <= uint.MaxValue ? (uint)seed
                : seed == -1 ? (uint)Random.Shared.NextInt64(uint.MaxValue)
                : throw new InputException($"--seed {seed}: use 0…{uint.MaxValue}, or −1 for a random one"),
        };
        return float.IsFinite(sampler.Temperature) ? sampler : throw new InputException("--temp: use a finite number");
    }

    // The prompt as text or as token ids, and whether the text goes into a chat template.
    private (string? Text, string? Ids, bool Chatting) Asked(ParseResult parsed)
    {
        var (text, ids, chatting) = (parsed.GetValue(_prompt), parsed.GetValue(_ids), _chat.Wanted(parsed));
        if (chatting && ids is not null)
            throw new InputException("--chat puts text into a template; give -p TEXT instead of --prompt-ids");
        if (text is not null && ids is not null)
            throw new InputException("give -p or --prompt-ids, not both");
        if (text is null && ids is null)
            throw new InputException(
                chatting ? "what should the chip answer? give -p TEXT" : "what should the chip read? give -p TEXT or --prompt-ids 1,2,3"
            );
        return (text, ids, chatting);
    }

    // Prints the tokens as they arrive when there is a stream.
    private static Generation Generate(
        SimulatedHost machine,
        int[] prompt,
        GenerationRequest request,
        string? logitsPath,
        StreamingDecoder? stream,
        CancellationToken cancel
    )
    {
        var begun = false;
        void Arrived(StreamedToken token)
        {
            if (stream is null || machine.Tokenizer.IsEndOfGeneration(token.Id))
                return;
            begun = true;
            TerminalText.WriteAnswer(stream.Push(token.Id));
        }

        try
        {
            if (logitsPath is null)
                return machine.Generate(prompt, request, null, Arrived, cancel);
            Generation? made = null;
            AtomicFile.Write(logitsPath, file =>
                made = machine.Generate(
                    prompt,
                    request,
                    (_, row) => file.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(row)),
                    Arrived,
                    cancel
                )
            );
            return made!;
        }
        catch when (begun)
        {
            // The error gets its own line.
            Console.Out.WriteLine();
            throw;
        }
    }

    private static void PrintJson(SimulatedHost machine, string? text, GenerationRequest request, Outcome outcome, string signature)
    {
        var result = outcome.Result;
        Json.Write(
            new
            {
                result.Tokens,
                Text = machine.Tokenizer.Decode([.. result.Tokens.Where(t => !machine.Tokenizer.IsEndOfGeneration(t))]),
                Prompt = text,
                PromptTokens = result.PromptTokens,
                Seed = request.Sampler.Temperature > 0 ? request.Sampler.Seed : (ulong?)null,
                Simulated = outcome.Figures,
                Host = new
                {
                    TokensPerSecond = Rate(result.Tokens.Count + result.PromptTokens, result.WallSeconds),
                    WallS = result.WallSeconds,
                    Backend = machine.Backend,
                },
                CriticalPath = outcome.Path?.Select(r => new
                {
                    r.Part,
                    r.Cycles,
                    r.Share,
                    LimitedBy = r.LimitedBy.ToString(),
                }),
                Probe = outcome.Probe is { } at ? outcome.Engine!.At(at) : null,
                Chip = new
                {
                    Model = machine.Chip.Model.Name,
                    Fabric = machine.Chip.Fabric.Name,
                    machine.Chip.Source.Weights,
                    Dataflow = machine.Chip.Files.Dataflow.Sha256,
                    WeightsLayer = machine.Chip.Files.Weights.Sha256,
                    Signature = signature,
                },
            }
        );
    }

    private static void PrintFigures(SimulatedHost machine, Outcome outcome, string signature)
    {
        var (result, figures) = (outcome.Result, outcome.Figures);
        var e = Console.Error;
        e.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"simulated  {NumberText.Significant(figures.TokensPerSecondUser)} tokens/s, first token after {NumberText.Si(figures.TimeToFirstTokenUs * 1e-6, "s")}, {NumberText.Significant(figures.Watts)} W, {NumberText.Si(figures.JoulesPerToken, "J")}/token, {NumberText.Count((long)Math.Round(figures.CyclesPerToken))} cycles/token at {NumberText.Significant(figures.ClockGhz)} GHz"
            )
        );
        if (figures.LatencyFactor != 1)
            e.WriteLine($"           latency factor {NumberText.Significant(figures.LatencyFactor)}: {figures.LatencyFactorSource}");
        e.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"host       {result.PromptTokens} + {result.Tokens.Count} tokens in {NumberText.Si(result.WallSeconds, "s")}, {NumberText.Significant(Rate(result.Tokens.Count + result.PromptTokens, result.WallSeconds))} tokens/s on {machine.Backend}"
            )
        );
        e.WriteLine($"image      {signature}{(signature == Trusted ? "" : "; --trust KEYS runs signed images only")}");
        if (outcome.Path is { } path)
            EngineProfile.WritePath(e, path);
        if (outcome.Probe is { } cycle)
            outcome.Engine!.WriteState(e, cycle);
    }

    // A run, and what the event engine says of it when --profile or --probe asks.
    private sealed record Outcome(
        Generation Result,
        RunFigures Figures,
        EngineProfile? Engine,
        IReadOnlyList<CriticalPathRow>? Path,
        long? Probe
    );

    private static double Rate(int tokens, double seconds) => seconds > 0 ? tokens / seconds : 0;

    private static int[] Ids(string list, long vocabularySize) =>
        [
            .. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(part =>
                    int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < vocabularySize
                        ? id
                        : throw new InputException($"--prompt-ids: '{part}' is not a token id below {vocabularySize}")
                ),
        ];
}
