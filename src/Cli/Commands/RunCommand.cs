using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Compiler.Tokenizer.ChatTemplates;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Host.Driver;
using TaalasSim.Runtime.Host.Generate;

namespace TaalasSim.Cli.Commands;

/// <summary><c>run CHIP</c>: tokens, with the simulated speed and power.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var chip = new Argument<string>("CHIP") { Description = "Folder of a chip image." };
        var prompt = new Option<string?>("-p", "--prompt") { Description = "Prompt text.", HelpName = "TEXT" };
        var ids = new Option<string?>("--prompt-ids")
        {
            Description = "Prompt as token ids, comma-separated; nothing is added.",
            HelpName = "1,2,3",
        };
        var count = new Option<int>("-n")
        {
            Description = "Maximum number of new tokens; 0 evaluates only the prompt.",
            DefaultValueFactory = _ => 64,
            HelpName = "N",
        };
        var greedy = new Option<bool>("--greedy") { Description = "Always choose the most likely token." };
        var seed = new Option<long>("--seed")
        {
            Description = "Seed of the sampler (−1: random).",
            DefaultValueFactory = _ => -1,
            HelpName = "N",
        };
        var temperature = new Option<float>("--temp")
        {
            Description = "Temperature; 0 is greedy.",
            DefaultValueFactory = _ => 0.8f,
            HelpName = "T",
        };
        var topK = new Option<int>("--top-k")
        {
            Description = "Keep the k most likely tokens (0: all).",
            DefaultValueFactory = _ => 40,
            HelpName = "K",
        };
        var topP = new Option<float>("--top-p")
        {
            Description = "Keep the smallest set of probability p.",
            DefaultValueFactory = _ => 0.95f,
            HelpName = "P",
        };
        var minP = new Option<float>("--min-p")
        {
            Description = "Drop tokens less likely than p times the best.",
            DefaultValueFactory = _ => 0.05f,
            HelpName = "P",
        };
        var ignoreEnd = new Option<bool>("--ignore-eos") { Description = "Continue after an end-of-generation token." };
        var logits = new Option<string?>("--logits")
        {
            Description = "Write little-endian float32 logits, one row per prompt position.",
            HelpName = "FILE",
        };
        var profile = new Option<bool>("--profile")
        {
            Description = "Also print the critical path of the request on the event engine: part, cycles, share, limited by.",
        };
        var probe = new Option<long?>("--probe")
        {
            Description = "Also print what every token on the chip does at this cycle of the event engine, and what blocks it.",
            HelpName = "CYCLE",
        };
        var chat = new ChatOptions();
        var simulation = new SimulationOptions();
        var json = CommonOptions.Json();
        var command = new Command(
            "run",
            "Run a chip: tokens with simulated tokens/s, time to first token, watts and joules per token. Example: ./taalas run stories.chip -p 'Once upon a time' -n 40 --greedy"
        )
        {
            chip,
            prompt,
            ids,
            count,
            greedy,
            seed,
            temperature,
            topK,
            topP,
            minP,
            ignoreEnd,
            logits,
            profile,
            probe,
            json,
        };
        chat.AddTo(command);
        simulation.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
            {
                var seedValue = parsed.GetValue(seed);
                var sampler = new SamplerSettings
                {
                    Temperature = parsed.GetValue(greedy) ? 0 : parsed.GetValue(temperature),
                    TopK = (uint)Math.Max(0, parsed.GetValue(topK)),
                    TopP = parsed.GetValue(topP),
                    MinP = parsed.GetValue(minP),
                    RepeatPenalty = 1,
                    Seed =
                        seedValue is >= 0 and <= uint.MaxValue ? (uint)seedValue
                        : seedValue == -1 ? (uint)Random.Shared.NextInt64(uint.MaxValue)
                        : throw new InputException($"--seed {seedValue}: use 0…{uint.MaxValue}, or −1 for a random one"),
                };
                if (!float.IsFinite(sampler.Temperature))
                    throw new InputException("--temp: use a finite number");
                if (parsed.GetValue(count) is < 0 or > 1 << 24)
                    throw new InputException($"-n {parsed.GetValue(count)}: use 0 or more");
                if (parsed.GetValue(probe) is < 0 and var cycle)
                    throw new InputException($"--probe {cycle}: use a cycle from 0 on");
                var request = new GenerationRequest
                {
                    MaximumTokens = parsed.GetValue(count),
                    Sampler = sampler,
                    IgnoreEndOfGeneration = parsed.GetValue(ignoreEnd),
                };
                var (text, idList, chatting) = (parsed.GetValue(prompt), parsed.GetValue(ids), chat.Wanted(parsed));
                if (chatting && idList is not null)
                    throw new InputException("--chat puts text into a template; give -p TEXT instead of --prompt-ids");
                if (text is not null && idList is not null)
                    throw new InputException("give -p or --prompt-ids, not both");
                if (text is null && idList is null)
                    throw new InputException(
                        chatting
                            ? "what should the chip answer? give -p TEXT"
                            : "what should the chip read? give -p TEXT or --prompt-ids 1,2,3"
                    );
                using var machine = simulation.PowerOn(parsed, parsed.GetRequiredValue(chip), cancel);
                if (chatting)
                    text = chat.Render(parsed, text!, machine.Tokenizer);
                var tokens =
                    text is null ? Ids(idList!, machine.Chip.Model.VocabularySize)
                    : chatting ? ChatPrompt.Encode(machine.Tokenizer, text)
                    : machine.Tokenizer.Encode(text, addSpecial: true, parseSpecial: true);
                return Task.FromResult(
                    Run(
                        machine,
                        text,
                        tokens,
                        request,
                        parsed.GetValue(logits),
                        new(parsed.GetValue(profile), parsed.GetValue(probe)),
                        parsed.GetValue(json),
                        cancel
                    )
                );
            }
        );
        return command;
    }

    private static int Run(
        SimulatedHost machine,
        string? text,
        int[] prompt,
        GenerationRequest request,
        string? logitsPath,
        EngineAsk ask,
        bool json,
        CancellationToken cancel
    )
    {
        Generation result;
        var stream = json ? null : new StreamingDecoder(machine.Tokenizer);
        var begun = false;
        void Arrived(StreamedToken token)
        {
            if (stream is null || machine.Tokenizer.IsEndOfGeneration(token.Id))
                return;
            begun = true;
            Console.Out.Write(stream.Push(token.Id));
        }

        try
        {
            if (logitsPath is null)
            {
                result = machine.Generate(prompt, request, null, Arrived, cancel);
            }
            else
            {
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
                result = made!;
            }
        }
        catch when (begun)
        {
            // The error gets its own line.
            Console.Out.WriteLine();
            throw;
        }

        var figures = RunFigures.Of(result, machine);
        var engine =
            ask.Profile || ask.Probe is not null ? new EngineProfile(machine.Chip, result.PromptTokens, result.Tokens.Count) : null;
        var path = ask.Profile ? engine!.Path(cancel) : null;
        if (json)
        {
            Json.Write(
                new
                {
                    result.Tokens,
                    Text = machine.Tokenizer.Decode([.. result.Tokens.Where(t => !machine.Tokenizer.IsEndOfGeneration(t))]),
                    Prompt = text,
                    PromptTokens = result.PromptTokens,
                    Seed = request.Sampler.Temperature > 0 ? request.Sampler.Seed : (ulong?)null,
                    Simulated = figures,
                    Host = new
                    {
                        TokensPerSecond = Rate(result.Tokens.Count + result.PromptTokens, result.WallSeconds),
                        WallS = result.WallSeconds,
                        Backend = machine.Backend,
                    },
                    CriticalPath = path?.Select(r => new
                    {
                        r.Part,
                        r.Cycles,
                        r.Share,
                        LimitedBy = r.LimitedBy.ToString(),
                    }),
                    Probe = ask.Probe is { } at ? engine!.At(at) : null,
                    Chip = new
                    {
                        Model = machine.Chip.Model.Name,
                        Fabric = machine.Chip.Fabric.Name,
                        machine.Chip.Source.Weights,
                        Dataflow = machine.Chip.Files.Dataflow.Sha256,
                        WeightsLayer = machine.Chip.Files.Weights.Sha256,
                    },
                }
            );
            return ExitCode.Done;
        }

        Console.Out.WriteLine(stream!.Flush());
        var e = Console.Error;
        e.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"simulated  {NumberText.Significant(figures.TokensPerSecondUser)} tokens/s, first token after {NumberText.Si(figures.TimeToFirstTokenUs * 1e-6, "s")}, {NumberText.Significant(figures.Watts)} W, {NumberText.Si(figures.JoulesPerToken, "J")}/token, {NumberText.Count((long)figures.CyclesPerToken)} cycles/token"
            )
        );
        e.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"host       {result.PromptTokens} + {result.Tokens.Count} tokens in {NumberText.Si(result.WallSeconds, "s")}, {NumberText.Significant(Rate(result.Tokens.Count + result.PromptTokens, result.WallSeconds))} tokens/s on {machine.Backend}"
            )
        );
        if (path is not null)
            EngineProfile.WritePath(e, path);
        if (ask.Probe is { } cycle)
            engine!.WriteState(e, cycle);
        return ExitCode.Done;
    }

    // What the event engine is asked beside the run.
    private readonly record struct EngineAsk(bool Profile, long? Probe);

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
