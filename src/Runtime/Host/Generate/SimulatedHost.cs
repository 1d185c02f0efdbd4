using System.Diagnostics;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Signatures;
using TaalasSim.Compiler.Tokenizer;
using TaalasSim.Runtime.Card.Core;
using TaalasSim.Runtime.Card.Device;
using TaalasSim.Runtime.Card.Faults;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Runtime.Decode;
using TaalasSim.Runtime.Engine;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Host.Driver;
using TaalasSim.Runtime.Host.Remote;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Host.Generate;

/// <summary>
/// A host with one simulated card: opens the chip image, powers the card on and loads the runtime image. Everything after that goes through
/// the driver.
/// </summary>
public sealed class SimulatedHost : IDisposable
{
    private ICardAccess _card;

    private SimulatedHost(ChipDescription chip, ICardAccess card, TextTokenizer tokenizer, int context) =>
        (Chip, _card, Tokenizer, Context) = (chip, card, tokenizer, context);

    /// <summary>The chip's own tokenizer.</summary>
    public TextTokenizer Tokenizer { get; }

    /// <summary>Context length of the run in tokens.</summary>
    public int Context { get; }

    /// <summary>Power of the card when nothing runs.</summary>
    public double IdleWatts => _card.IdleWatts;

    /// <summary>The chip on the card.</summary>
    public ChipDescription Chip { get; }

    /// <summary>Kernels that compute the tokens.</summary>
    public string Backend => _card.Backend;

    /// <summary>Whether the hold on the card has ended, by a reset or because the card has gone.</summary>
    public bool IsLost => _card.Dead is not null;

    /// <summary>The card in this process.</summary>
    /// <exception cref="InputException">It is in another.</exception>
    internal LocalCard Local => _card as LocalCard ?? throw new InputException("this needs the chip in this process; leave out --device");

    /// <summary>Powers a host on. The digest of the weights layer is checked while it runs; no result is given before.</summary>
    /// <param name="folder">Chip image.</param>
    /// <param name="kernels">Makes the kernel set for the chip's fabric.</param>
    /// <param name="timing">Cost of passes on the fabric.</param>
    /// <param name="context">Context length; 0 takes the most that model, fabric and KV SRAM allow.</param>
    /// <param name="options">Card.</param>
    /// <param name="trusted">Keys of which one must have signed the image, as the card's loader checks again; null takes any image.</param>
    /// <param name="cancel">Cancels the checks.</param>
    /// <exception cref="InputException">The image is damaged, or the context too long.</exception>
    /// <exception cref="DriverException">The card does not come up.</exception>
    public static SimulatedHost PowerOn(
        string folder,
        Func<ChipDescription, IKernelSet> kernels,
        Func<ChipDescription, IPassTiming> timing,
        int context,
        Func<ChipDescription, CardOptions> options,
        TrustedKeys? trusted = null,
        CancellationToken cancel = default
    )
    {
        var host = Assemble(folder, kernels, timing, context, options, trusted, cancel);
        // Start-up leaves several times what lives on; collected here, it is never held beside the weights.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return host;
    }

    /// <summary>A host with a card in another process.</summary>
    /// <param name="device">Name of the device.</param>
    /// <exception cref="InputException">It does not run, or its image has gone.</exception>
    /// <exception cref="DriverException">The card refuses.</exception>
    public static SimulatedHost Attach(string device)
    {
        var card = RemoteCard.Open(device);
        try
        {
            var folder = card.Device.Chip;
            var chip = ChipDirectory.ReadDescription(folder);
            var tokenizer = TokenizerDataFile.Read(File.ReadAllBytes(Path.Combine(folder, chip.Files.Tokenizer.Name)));
            return new SimulatedHost(chip, card, TextTokenizer.Create(tokenizer), card.Device.Context);
        }
        catch
        {
            card.Dispose();
            throw;
        }
    }

    /// <summary>Opens the card again after the hold has ended. Contexts are gone.</summary>
    /// <exception cref="DriverException">The card does not come up.</exception>
    public void Recover() => _card = _card.Reopen();

    /// <summary>Evaluates a prompt and generates tokens.</summary>
    /// <param name="prompt">Token ids; at least one.</param>
    /// <param name="request">How much and how.</param>
    /// <param name="logits">Takes one row per prompt token when given.</param>
    /// <param name="arrived">Called for every token as it reaches the host.</param>
    /// <param name="cancel">Stops the generation on the card.</param>
    /// <exception cref="InputException">The request does not fit, or the weights layer was altered: then tokens that arrived are
    /// void.</exception>
    public Generation Generate(
        IReadOnlyList<int> prompt,
        GenerationRequest request,
        Action<int, float[]>? logits = null,
        Action<StreamedToken>? arrived = null,
        CancellationToken cancel = default
    )
    {
        Generation result;
        try
        {
            result = Evaluate(prompt, request, logits, arrived, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Altered weights may be what made the run fail.
            AwaitCheck(cancel);
            throw;
        }

        AwaitCheck(cancel);
        return result;
    }

    /// <summary>Waits until the weights layer has been checked whole, so that the check disturbs no measurement.</summary>
    /// <exception cref="InputException">It was altered.</exception>
    public void AwaitCheck(CancellationToken cancel = default) => _card.AwaitCheck(cancel);

    /// <summary>Simulated time, ns since power-on.</summary>
    public long TimeNs => _card.TimeNs;

    /// <summary>Faults that have struck the card, in order.</summary>
    public IReadOnlyList<FaultSpec> Struck => (_card as LocalCard)?.Struck ?? [];

    /// <summary>Takes what card and driver have reported since the last call, in order.</summary>
    public IReadOnlyList<DeviceEvent> Events() => (_card as LocalCard)?.Handle.Events() ?? [];

    /// <summary>Reads the card's counters and sensors.</summary>
    public CardTelemetry Telemetry() => _card.Telemetry();

    /// <summary>Ids of the tokens that end a generation, as many as the card can watch for.</summary>
    public IEnumerable<int> EndTokens() =>
        Enumerable.Range(0, Tokenizer.VocabularySize).Where(Tokenizer.IsEndOfGeneration).Take(SamplerBlock.MaxStops);

    /// <summary>Opens a context for at most that many positions on a channel of its own, so that several run side by side.</summary>
    public InferenceContext OpenSlot(int positions, in SamplerSettings sampler, ReadOnlySpan<int> stops) =>
        _card.OpenContext(positions, sampler, stops, ownChannel: true);

    /// <summary>Opens a context on the card for at most that many positions.</summary>
    internal InferenceContext OpenContext(int positions, in SamplerSettings sampler, ReadOnlySpan<int> stops) =>
        _card.OpenContext(positions, sampler, stops, ownChannel: false);

    /// <summary>The chip's functional pass without the card, for checks; the caller disposes it.</summary>
    /// <param name="batch">Most tokens evaluated together.</param>
    internal ForwardPass OpenPass(int batch) => Local.OpenPass(batch, Context);

    private Generation Evaluate(
        IReadOnlyList<int> prompt,
        GenerationRequest request,
        Action<int, float[]>? logits,
        Action<StreamedToken>? arrived,
        CancellationToken cancel
    )
    {
        if (prompt.Count == 0)
            throw new InputException("the prompt is empty; give at least one token");
        if (!Chip.Model.Causal && request.MaximumTokens != 0)
            throw new InputException(
                $"{Chip.Model.Name} is a diffusion model and does not decode token by token; add --cdlm (blocks with an exact cache) "
                    + "or --diffusion (llama.cpp's schedules) to run"
            );
        // The last token is sampled, but needs no place in the context.
        var most = request.MaximumTokens < 0 ? Math.Max(0, Context + 1 - prompt.Count) : request.MaximumTokens;
        var positions = (int)Math.Min(Context, prompt.Count + (long)most);
        if (prompt.Count > Context || (most > 0 && prompt.Count + (long)most > Context + 1))
            throw new InputException(
                $"prompt of {prompt.Count} tokens and {most} new ones exceed the context of {Context}; "
                    + "ask for fewer, or for as many as there is room with -n -1"
            );
        var watch = Stopwatch.StartNew();
        int[] stops = request.IgnoreEndOfGeneration ? [] : [.. EndTokens()];
        using var context = OpenContext(positions, request.Sampler, stops);
        var start = _card.ReadTimeNs();
        var joulesBefore = Telemetry().Joules;
        var ids = prompt.ToArray();
        context.Prefill(ids, 0, logits is not null, request.Timeout, cancel);
        if (logits is not null)
            for (var row = 0; row < ids.Length; row++)
                logits(row, context.CheckedLogits(row));
        var prefilled = TimeNs;
        var tokens = new List<int>();
        long first = prefilled,
            last = prefilled;
        if (most > 0)
        {
            foreach (var token in context.DecodeStream(most, request.Timeout, cancel))
            {
                if (tokens.Count == 0)
                    first = token.TimeNs;
                last = token.TimeNs;
                tokens.Add(token.Id);
                arrived?.Invoke(token);
            }
        }

        return new Generation
        {
            PromptTokens = ids.Length,
            Tokens = tokens,
            TimeToFirstTokenSeconds = (first - start) * 1e-9,
            DecodeSeconds = (last - first) * 1e-9,
            Joules = Telemetry().Joules - joulesBefore,
            SimulatedSeconds = (last - start) * 1e-9,
            WallSeconds = watch.Elapsed.TotalSeconds,
        };
    }

    /// <summary>Powers the card off and closes the image.</summary>
    public void Dispose() => _card.Dispose();

    // The card gets the signature that was made of the same bytes when the image was compiled.
    private static ImageSeal Seal(string folder, TrustedKeys trusted)
    {
        var signature = ImageSignature.Check(folder, trusted);
        return new ImageSeal { KeyId = signature.KeyId, Sign = _ => signature.Card };
    }

    private static SimulatedHost Assemble(
        string folder,
        Func<ChipDescription, IKernelSet> kernels,
        Func<ChipDescription, IPassTiming> timing,
        int context,
        Func<ChipDescription, CardOptions> options,
        TrustedKeys? trusted,
        CancellationToken cancel
    )
    {
        if (trusted is not null)
            ImageSignature.Check(folder, trusted);
        var chip = WiredChip.OpenAtOnce(folder, cancel);
        IKernelSet? set = null;
        SimulatedCard? card = null;
        try
        {
            var d = chip.Description;
            var limit = chip.LargestContext;
            if (context > limit)
                throw new InputException($"--context {context}: the chip holds at most {limit} tokens per user");
            // A context that was asked for is held in whole steps, as by llama.cpp; the most that the chip holds is as it is.
            var held = context > 0 ? ForwardPass.Held(context) : 0;
            context = context > 0 ? context : limit;
            var tokenizerBytes = File.ReadAllBytes(Path.Combine(folder, d.Files.Tokenizer.Name));
            // Nothing needs the tokenizer before the card is up, and either takes as long as the other.
            var tokenizer = Task.Run(() => TextTokenizer.Create(TokenizerDataFile.Read(tokenizerBytes)), cancel);
            set = kernels(d);
            var cardOptions = options(d);
            card = new SimulatedCard(
                new SimulatedCore(chip, set, timing(d), context, held),
                trusted is null
                    ? cardOptions
                    : cardOptions with
                    {
                        ImagePolicy = new ImagePolicy { AllowUnsigned = false, Trusted = trusted },
                    }
            );
            var local = new LocalCard(
                chip,
                set,
                card,
                () => StartupImage.Of(folder, d, tokenizerBytes, trusted is null ? null : Seal(folder, trusted)),
                cancel
            );
            var text = tokenizer.GetAwaiter().GetResult();
            return text.VocabularySize <= d.Model.VocabularySize
                ? new SimulatedHost(d, local, text, context)
                : throw new InputException(
                    $"{folder}: the tokenizer has {text.VocabularySize} tokens, the model {d.Model.VocabularySize}; compile the image again"
                );
        }
        catch
        {
            card?.Dispose();
            set?.Dispose();
            chip.Dispose();
            throw;
        }
    }
}
