using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Compiler.Tokenizer.ChatTemplates;
using TaalasSim.Runtime.Activity;
using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Engine;
using TaalasSim.Runtime.Host.Driver;
using TaalasSim.Runtime.Host.Generate;

namespace TaalasSim.Cli.Commands;

/// <summary><c>run CHIP</c>: tokens, with the simulated speed and power.</summary>
internal sealed class RunCommand
{
    private readonly Argument<string?> _chip = new("CHIP")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description =
            "Folder of a chip image; or a GGUF file, the folder of a Hugging Face model, or hf:USER/NAME[:QUANT], which is compiled "
            + "first into an image that goes with the run.",
    };
    private readonly Option<string?> _device = new("--device")
    {
        Description = "Run on a card in another process (./taalas device start) in place of CHIP.",
        HelpName = "NAME",
    };
    private readonly FabricChoice _fabric = FabricChoice.SmallFirst();
    private readonly Option<string> _weights = new("--weights")
    {
        Description =
            "How the weights of a model that is compiled first are stored: preserve (its own codes), or a code format such as rom4.",
        DefaultValueFactory = _ => "preserve",
        HelpName = "FORMAT",
    };
    private readonly NumberOption<int> _chips = CommonOptions.Chips();
    private readonly PromptOptions _prompt = new();
    private readonly NumberOption<int> _count = new(
        Ranges.LengthOrAll,
        64,
        "Maximum number of new tokens; 0 evaluates only the prompt, -1 continues to the end of the context. In a conversation -1 "
            + "unless given.",
        "-n",
        "--n-predict"
    );
    private readonly Option<bool> _greedy = new("--greedy") { Description = "Always choose the most likely token." };
    private readonly SamplerOptions _sampler = new();
    private readonly Option<bool> _ignoreEnd = new("--ignore-eos") { Description = "Continue after an end-of-generation token." };
    private readonly Option<string?> _logits = new OutputOption<string?>("--logits")
    {
        Description = "Write little-endian float32 logits, one row per prompt position.",
        HelpName = "FILE",
    };
    private readonly Option<bool> _profile = new("--profile")
    {
        Description = "Also print the critical path of the request on the event engine: part, cycles, share, limited by.",
    };
    private readonly Option<bool> _activity = new("--activity")
    {
        Description =
            "Also count what the real weights and activations toggle in the banks, on a second pass through the masks in hardware "
            + "numerics, and the power that follows.",
    };
    private readonly OptionalNumberOption<long> _probe = new(
        Ranges.Cycle,
        "Also print what every token on the chip does at this cycle of the event engine, and what blocks it.",
        "--probe"
    );
    private readonly Option<bool> _interactive = new("--interactive", "-i")
    {
        Description =
            "A conversation of several turns, also when standard input is no terminal: a line is a turn, /help lists commands; "
            + "implies --chat.",
    };
    private readonly BlockOptions _blocks = new();
    private readonly DiffusionOptions _diffusion = new();
    private readonly Option<string[]> _fault = new("--fault")
    {
        Description =
            "A fault of the card, once: a kind of docs/card.md such as kv-bit, with an argument (kv-bit:1), at its N-th opportunity (@N) "
            + "or from a simulated time on (@5ms); may be given several times.",
        HelpName = "KIND[@WHEN]",
        DefaultValueFactory = _ => [],
    };
    private readonly ChatOptions _chat = new();
    private readonly SimulationOptions _simulation = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        var self = new RunCommand();
        var command = new Command(
            "run",
            "Run a chip: tokens with simulated tokens/s, time to first token, watts and joules per token. Example: ./taalas run "
                + "stories.chip -p 'Once upon a time' -n 40 --greedy"
        )
        {
            self._chip,
        };
        self._prompt.AddTo(command);
        command.Options.Add(self._count);
        command.Options.Add(self._greedy);
        self._sampler.AddOfCardTo(command);
        foreach (
            var option in (Option[])
                [
                    self._ignoreEnd,
                    self._logits,
                    self._profile,
                    self._activity,
                    self._probe,
                    self._interactive,
                    self._fault,
                    self._device,
                    self._fabric.Option,
                    self._weights,
                    self._chips,
                    self._json,
                ]
        )
            command.Options.Add(option);
        self._blocks.AddTo(command);
        self._diffusion.AddTo(command);
        self._chat.AddTo(command);
        self._simulation.AddTo(command);
        command.SetAction((parsed, cancel) => Task.FromResult(self.Run(parsed, cancel)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancel)
    {
        var chatting = _chat.Wanted(parsed) || parsed.GetValue(_interactive);
        var text = _prompt.Text(parsed);
        var byIds = _prompt.HasIds(parsed);
        if (chatting && byIds)
            throw new InputException("--chat puts text into a template; give -p TEXT instead of --prompt-ids");
        if (parsed.GetValue(_interactive) || (chatting && text is null && !Console.IsInputRedirected))
            return Converse(parsed, text, cancel);
        if (text is null && !byIds)
            throw new InputException(
                chatting
                    ? "what should the chip answer? give -p TEXT, or --interactive for a conversation"
                    : "what should the chip read? give -p TEXT, -f FILE or --prompt-ids 1,2,3"
            );
        return Fills(parsed) ? Fill(parsed, text, chatting, cancel) : Answer(parsed, text, chatting, cancel);
    }

    // Whether masked positions are filled instead of decoding token by token.
    private bool Fills(ParseResult parsed)
    {
        var (blocks, canvas) = (_blocks.Wanted(parsed), _diffusion.Wanted(parsed));
        if (blocks && canvas)
            throw new InputException("give --cdlm or options of --diffusion, not both");
        if (!blocks && !canvas)
            return false;
        foreach (var option in (Option[])[_logits, _profile, _probe, _activity])
            if (parsed.GetResult(option) is { Implicit: false })
                throw new InputException($"{option.Name}: belongs to decoding token by token; leave it out");
        if (parsed.GetValue(_count) < 1)
            throw new InputException("-n: --cdlm and --diffusion fill a number of positions, at least 1");
        if (blocks && _sampler.GivenBesideTemperature(parsed).FirstOrDefault() is { } unused)
            throw new InputException($"{unused}: --cdlm takes the most likely token, or draws with --temp and --seed; leave it out");
        return true;
    }

    private int Fill(ParseResult parsed, string? text, bool chatting, CancellationToken cancel)
    {
        using var chip = Open(parsed, cancel);
        using var machine = PowerOn(parsed, chip, cancel);
        if (chatting)
            text = _chat.Render(parsed, text!, machine.Tokenizer);
        var prompt = Encode(parsed, machine, text, chatting);
        var run = new BlockRun(machine, prompt, text, Identity(parsed), parsed.GetValue(_json));
        var (count, greedy) = (parsed.GetValue(_count), parsed.GetValue(_greedy));
        if (_diffusion.Wanted(parsed))
        {
            run.Canvas(_diffusion.Settings(parsed, _sampler, greedy, prompt.Length + count), _diffusion.Shows(parsed), cancel);
            PrintFaults(machine, parsed.GetValue(_fault)!.Length);
            return ExitCode.Done;
        }

        var request = _blocks.Request(parsed, count, machine, text is not null, parsed.GetValue(_ignoreEnd)) with
        {
            Temperature = greedy ? 0 : _sampler.GivenTemperature(parsed),
            Seed = _sampler.OfCard(parsed, greedy).Seed,
        };
        run.Blocks(request, _blocks.Checks(parsed), cancel);
        PrintFaults(machine, parsed.GetValue(_fault)!.Length);
        return ExitCode.Done;
    }

    private int[] Encode(ParseResult parsed, SimulatedHost machine, string? text, bool chatting) =>
        text is null ? _prompt.Ids(parsed, machine.Chip.Model.VocabularySize)
        : chatting ? ChatPrompt.Encode(machine.Tokenizer, text)
        : machine.Tokenizer.Encode(text, addSpecial: true, parseSpecial: true);

    private int Answer(ParseResult parsed, string? text, bool chatting, CancellationToken cancel)
    {
        var request = Request(parsed, parsed.GetValue(_count));
        using var chip = Open(parsed, cancel);
        using var machine = PowerOn(parsed, chip, cancel);
        if (chatting)
            text = _chat.Render(parsed, text!, machine.Tokenizer);
        var tokens = Encode(parsed, machine, text, chatting);
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
            probe,
            parsed.GetValue(_activity) ? Activity(parsed, chip, machine, tokens, result, cancel) : null
        );
        if (json)
        {
            PrintJson(machine, text, request, outcome, Identity(parsed));
            return ExitCode.Done;
        }

        Console.Out.WriteLine(stream!.Flush());
        PrintFigures(machine, outcome, Identity(parsed));
        PrintFaults(machine, parsed.GetValue(_fault)!.Length);
        if (request.Sampler.Temperature > 0 && _sampler.DrawsSeed(parsed))
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed       {request.Sampler.Seed}"));
        return ExitCode.Done;
    }

    // The prompt and the answer pass the masks again; the last token was not read by the chip.
    private ActivityOutput Activity(
        ParseResult parsed,
        ChipInput? chip,
        SimulatedHost machine,
        int[] prompt,
        Generation result,
        CancellationToken cancel
    )
    {
        if (chip is null)
            throw new InputException("--activity reads the masks of an image; give CHIP instead of --device");
        int[] tokens = [.. prompt, .. result.Tokens.SkipLast(1)];
        var activity = RunActivity.Of(chip.Path, tokens, _simulation.ThreadsOf(parsed), cancel);
        var (library, fabric) = (ChipsFolder.Library, machine.Chip.Fabric);
        return new(
            machine.Chip,
            library.Technology(fabric.Technology),
            library.Prices(),
            activity,
            result.PromptTokens,
            result.Tokens.Count
        );
    }

    // One word about the image; with --trust no other one runs.
    private ImageIdentity Identity(ParseResult parsed) =>
        new(
            parsed.GetValue(_device) is { } device ? $"of device {device}"
            : _simulation.TrustedOf(parsed) is not null ? ImageIdentity.Trusted
            : parsed.GetValue(_chip) is { } chip && ImageSignature.IsThere(chip) ? "signed, not checked"
            : "unsigned"
        );

    // A card in another process, or one that holds the chip.
    private SimulatedHost PowerOn(ParseResult parsed, ChipInput? chip, CancellationToken cancel)
    {
        FaultSpec[] faults = [.. parsed.GetValue(_fault)!.Select(FaultText.Parse)];
        if (chip is not null)
        {
            var (threads, context) = (_simulation.ThreadsOf(parsed), _simulation.ContextOf(parsed));
            return _simulation.PowerOn(parsed, chip.Path, threads, context, card => card with { Faults = faults }, cancel);
        }

        _simulation.RefuseBeside(parsed, _device.Name);
        if (faults.Length > 0)
            throw new InputException("--fault is for a card in this process; for one in another: ./taalas device fault NAME FAULT");
        return SimulatedHost.Attach(parsed.GetValue(_device)!);
    }

    private ChipInput? Open(ParseResult parsed, CancellationToken cancel)
    {
        var (name, device, weights) = (parsed.GetValue(_chip), parsed.GetValue(_device), parsed.GetValue(_weights)!);
        if (name is null == device is null)
            throw new InputException(name is null ? "what should run? give CHIP or --device NAME" : "give CHIP or --device NAME, not both");
        if (name is null || !ChipInput.IsModel(name))
            ChipInput.RefuseBeside(parsed, name ?? $"device {device}", _fabric.Option, _weights, _chips);
        if (name is null)
            return null;
        return ChipInput.Open(name, () => _fabric.For(parsed, name, weights, parsed.GetValue(_chips)), weights, cancel);
    }

    // What became of the faults that were asked for.
    private static void PrintFaults(SimulatedHost machine, int asked)
    {
        if (asked == 0)
            return;
        var struck = machine.Struck.Select(f => FaultText.Name(f.Kind)).ToArray();
        var noted = machine.Events().Where(e => e.Kind != DeviceEventKind.StateChange).Select(e => e.Kind.ToString()).Distinct().ToArray();
        Console.Error.WriteLine(
            $"faults     {struck.Length} of {asked} struck{(struck.Length > 0 ? ": " + string.Join(", ", struck) : "")}"
                + (noted.Length > 0 ? $"; the driver noted {string.Join(", ", noted)}" : "")
        );
    }

    private int Converse(ParseResult parsed, string? opening, CancellationToken cancel)
    {
        if (_blocks.Wanted(parsed) || _diffusion.Wanted(parsed))
            throw new InputException("--cdlm and --diffusion answer a single prompt; leave out --interactive");
        foreach (var option in (Option[])[_logits, _profile, _probe, _activity])
            if (parsed.GetResult(option) is { Implicit: false })
                throw new InputException($"{option.Name}: belongs to a single prompt; leave it out of a conversation");
        var request = Request(parsed, parsed.GetResult(_count) is { Implicit: false } ? parsed.GetValue(_count) : -1);
        using var chip = Open(parsed, cancel);
        using var machine = PowerOn(parsed, chip, cancel);
        return new ChatSession(
            machine,
            request,
            messages => _chat.Render(parsed, messages, machine.Tokenizer),
            _chat.Opening(parsed),
            parsed.GetValue(_json)
        ).Run(opening, cancel);
    }

    private GenerationRequest Request(ParseResult parsed, int tokens) =>
        new()
        {
            MaximumTokens = tokens,
            Sampler = _sampler.OfCard(parsed, parsed.GetValue(_greedy)),
            IgnoreEndOfGeneration = parsed.GetValue(_ignoreEnd),
        };

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

    private static void PrintJson(SimulatedHost machine, string? text, GenerationRequest request, Outcome outcome, ImageIdentity image)
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
                    TokensPerSecond = RunFigures.HostRate(result),
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
                Activity = outcome.Activity?.Document(),
                Faults = machine.Struck.Count > 0 ? machine.Struck.Select(f => FaultText.Name(f.Kind)) : null,
                Chip = image.Document(machine),
            }
        );
    }

    private static void PrintFigures(SimulatedHost machine, Outcome outcome, ImageIdentity image)
    {
        outcome.Figures.Write(Console.Error, outcome.Result, machine.Backend);
        image.Write(Console.Error);
        if (outcome.Path is { } path)
            EngineProfile.WritePath(Console.Error, path);
        if (outcome.Probe is { } cycle)
            outcome.Engine!.WriteState(Console.Error, cycle);
        outcome.Activity?.Write(Console.Error);
    }

    // A run, and what the event engine says of it when --profile or --probe asks.
    private sealed record Outcome(
        Generation Result,
        RunFigures Figures,
        EngineProfile? Engine,
        IReadOnlyList<CriticalPathRow>? Path,
        long? Probe,
        ActivityOutput? Activity
    );
}
