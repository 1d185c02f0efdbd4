using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Reports.Compare;
using TaalasSim.Runtime.Host.Generate;
using TaalasSim.Runtime.Host.Remote;
using TaalasSim.Server;
using TaalasSim.Server.Settings;
using TaalasSim.Server.Telemetry;

namespace TaalasSim.Cli.Commands;

/// <summary><c>serve CHIP</c>: the chip behind the APIs of llama-server, OpenAI, Anthropic and Ollama.</summary>
internal sealed class ServeCommand
{
    private const long MostText = 1 << 20;

    // Answers that have begun get this long when the server is asked to stop.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Argument<string?> _chip = new("CHIP")
    {
        Description = "Folder of a chip image; or give --model.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string?> _model = Of<string?>(
        "Model to compile and serve (GGUF file, folder of a Hugging Face model or hf:USER/NAME[:QUANT]); the image is kept.",
        "MODEL",
        "--model",
        "-m"
    );
    private readonly Option<string?> _device = Of<string?>(
        "Card in another process (./taalas device start) in place of CHIP.",
        "NAME",
        "--device",
        "-dev"
    );
    private readonly Option<string?> _fabric = Of<string?>(
        "With --model: fabric to compile onto (default: the first that the model fits).",
        "NAME|FILE",
        "--fabric"
    );
    private readonly Option<string?> _weights = Of<string?>(
        "With --model: how weights are stored (default: preserve where they fit, otherwise the fabric's).",
        "FORMAT",
        "--weights"
    );
    private readonly Option<string> _host = With("Address to listen on.", "IP", "127.0.0.1", "--host");
    private readonly NumberOption<int> _port = new(Ranges.TcpPort, 8080, "Port to listen on (0: a free one).", "--port");
    private readonly Option<string?> _alias = Of<string?>("Names of the model, comma-separated.", "NAMES", "--alias", "-a");
    private readonly Option<string?> _tags = Of<string?>("Tags of the model, comma-separated.", "TAGS", "--tags");
    private readonly NumberOption<int> _context = new(
        Ranges.LengthOrNone,
        0,
        "Context of all slots together, tokens (0: the most).",
        "--ctx-size",
        "-c",
        "--context"
    );
    private readonly NumberOption<int> _parallel = new(Ranges.Slots, 0, "User slots (0: those of the chip).", "--parallel", "-np");
    private readonly Option<bool> _unified = Of<bool>("Every slot may use the whole context.", null, "--kv-unified", "-kvu");
    private readonly NumberOption<int> _batch = new(Ranges.Length, 2048, "Most prompt tokens in one pass.", "--batch-size", "-b");
    private readonly NumberOption<int> _predict = new(
        Ranges.LengthOrAll,
        -1,
        "Most new tokens of an answer (-1: no limit).",
        "--n-predict",
        "--predict",
        "-n"
    );
    private readonly Option<string[]> _keys = Of<string[]>("Key that requests must bring; may be given several times.", "KEY", "--api-key");
    private readonly Option<string?> _keyFile = Of<string?>("File with a key a line.", "FILE", "--api-key-file");
    private readonly Option<string> _cors = With(
        "Origins that pages may come from: *, localhost or a list.",
        "LIST",
        "*",
        "--cors-origins"
    );
    private readonly Option<bool> _metrics = Of<bool>("Answer /metrics.", null, "--metrics");
    private readonly Option<bool> _slots = Of<bool>("Answer /slots (the default).", null, "--slots");
    private readonly Option<bool> _noSlots = Of<bool>("Do not answer /slots.", null, "--no-slots");
    private readonly Option<bool> _noPage = Of<bool>("No page at /.", null, "--no-ui", "--no-webui");
    private readonly Option<string?> _savePath = Of<string?>("Folder for saved slots.", "FOLDER", "--slot-save-path");
    private readonly Option<bool> _shift = Of<bool>(
        "Drop the oldest half of a full context instead of ending the answer.",
        null,
        "--context-shift"
    );
    private readonly Option<bool> _noJinja = Of<bool>("Refuse tools.", null, "--no-jinja");
    private readonly Option<string?> _template = Of<string?>(
        "Chat template in place of the model's: Jinja text or a name.",
        "TEXT|NAME",
        "--chat-template"
    );
    private readonly Option<string?> _templateFile = Of<string?>("Chat template in place of the model's.", "FILE", "--chat-template-file");
    private readonly Option<string> _reasoningFormat = With(
        "Reasoning apart from the answer: deepseek, auto or none.",
        "KIND",
        "deepseek",
        "--reasoning-format"
    );
    private readonly Option<string> _reasoning = With(
        "off asks templates for answers without reasoning.",
        "on|off|auto",
        "auto",
        "--reasoning",
        "-rea"
    );
    private readonly NumberOption<int> _reasoningBudget = new(
        Ranges.CountOrNone,
        -1,
        "0 is --reasoning off; -1 leaves it.",
        "--reasoning-budget"
    );
    private readonly Option<bool> _noPrefill = Of<bool>(
        "Do not continue a conversation that ends with the assistant's words.",
        null,
        "--no-prefill-assistant"
    );
    private readonly NumberOption<int> _sleep = new(
        Ranges.CountOrNone,
        -1,
        "Seconds without work after which the server says that it sleeps (-1: never).",
        "--sleep-idle-seconds"
    );
    private readonly Option<string?> _certificate = Of<string?>("Certificate (PEM) for HTTPS.", "FILE", "--ssl-cert-file");
    private readonly Option<string?> _certificateKey = Of<string?>("Key (PEM) of the certificate.", "FILE", "--ssl-key-file");
    private readonly Option<bool> _pace = Of<bool>("Send tokens no faster than the simulated chip makes them.", null, "--pace");
    private readonly NumberOption<int> _queue = new(Ranges.Count, 256, "Requests that may wait for a slot; more get 503.", "--queue");
    private readonly Option<string?> _otlp = Of<string?>(
        "OpenTelemetry collector that gets metrics and traces; also by the variables OTEL_EXPORTER_OTLP_*.",
        "URL",
        "--otlp-endpoint"
    );
    private readonly Option<bool> _verbose = Of<bool>("Put the internals of requests into answers.", null, "--verbose", "-v");
    private readonly Option<bool> _jinja = new("--jinja") { Hidden = true };
    private readonly Option<bool> _noShift = new("--no-context-shift") { Hidden = true };
    private readonly SamplerOptions _sampler = new();
    private readonly LlamaFlags _ignored = new();
    private readonly SimulationOptions _simulation = new();

    public static Command Create()
    {
        var self = new ServeCommand();
        var command = new Command(
            "serve",
            "Serve a chip over HTTP with the APIs of llama-server, OpenAI, Anthropic and Ollama, and a chat page. Example: ./taalas "
                + "serve stories.chip --port 8080"
        );
        command.Arguments.Add(self._chip);
        foreach (var option in self.Own())
            command.Options.Add(option);
        self._sampler.AddTo(command);
        self._simulation.AddWithoutContextTo(command);
        self._ignored.AddTo(command);
        command.SetAction(self.Run);
        return command;
    }

    private Option[] Own() =>
        [
            _model,
            _device,
            _fabric,
            _weights,
            _host,
            _port,
            _alias,
            _tags,
            _context,
            _parallel,
            _unified,
            _batch,
            _predict,
            _keys,
            _keyFile,
            _cors,
            _metrics,
            _slots,
            _noSlots,
            _noPage,
            _savePath,
            _shift,
            _noJinja,
            _template,
            _templateFile,
            _reasoningFormat,
            _reasoning,
            _reasoningBudget,
            _noPrefill,
            _sleep,
            _certificate,
            _certificateKey,
            _pace,
            _queue,
            _otlp,
            _verbose,
            _jinja,
            _noShift,
        ];

    private static Option<T> Of<T>(string description, string? value, params string[] names)
    {
        var option = new Option<T>(names[0], names[1..]) { Description = description };
        if (value is not null)
            option.HelpName = value;
        return option;
    }

    private static Option<T> With<T>(string description, string value, T standard, params string[] names)
    {
        var option = Of<T>(description, value, names);
        option.DefaultValueFactory = _ => standard;
        return option;
    }

    private async Task<int> Run(ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(_otlp) is { } collector)
            _ = OtlpExport.Address(collector);
        var asked = parsed.GetValue(_parallel);
        var source = Source(parsed, asked, cancel);
        var slots = asked > 0 ? asked : source.UserSlots;
        if (slots > source.UserSlots)
            throw new InputException($"--parallel {slots}: the chip holds {source.UserSlots} users at once; ask for fewer");
        var context = SlotContext(parsed, slots, source);
        var options = Options(parsed, slots, context, source);
        using var host = PowerOn(parsed, source, slots, context, cancel);
        // Nothing is answered from masks that have not been checked.
        host.AwaitCheck(cancel);
        options = options with { Reference = new Lazy<ReferenceSpeed?>(() => Reference(host.Chip.Model)) };
        var model = new ServedModel(host.Chip, host.Tokenizer, options, source.Size, source.FileType);
        foreach (var flag in _ignored.Given(parsed))
            await Console.Error.WriteLineAsync($"taalas: {flag} has no meaning on a hard-wired chip; ignored").ConfigureAwait(false);
        await using var server = await ChatServer.Start(host, model, options, cancel).ConfigureAwait(false);
        await Console
            .Error.WriteLineAsync(
                $"taalas: {model.Id} on {host.Chip.Fabric.Name}, {slots} slots of {context} tokens, at {server.Address} (Ctrl-C stops)"
            )
            .ConfigureAwait(false);
        // Answers that are under way may end, within the server's own patience.
        Interruption.Grace(TimeSpan.FromMinutes(10));
        await server.RunUntil(cancel, Patience).ConfigureAwait(false);
        return ExitCode.Done;
    }

    // One user with prompts and answers of common length.
    private static ReferenceSpeed? Reference(ModelShape model)
    {
        const int tokens = 512;
        var gpu = GpuViews.Of(ChipsFolder.Library.Gpus, model, "h200", tokens, tokens);
        return gpu.OneUser is { } one
            ? new ReferenceSpeed(gpu.Card.Name, one.TimeToFirstTokenSeconds.Value, one.TokensPerSecondUser.Value, one.JoulesPerToken.Value)
            : null;
    }

    private SimulatedHost PowerOn(ParseResult parsed, ServedImage source, int slots, int context, CancellationToken cancel)
    {
        if (parsed.GetValue(_device) is { } device)
        {
            _simulation.RefuseBeside(parsed, _device.Name);
            return SimulatedHost.Attach(device);
        }
        return _simulation.PowerOn(
            parsed,
            source.Image,
            _simulation.ThreadsOf(parsed),
            context,
            card => card with { Channels = Math.Max(card.Channels, slots + 2), Vectors = Math.Max(card.Vectors, slots + 2) },
            cancel
        );
    }

    private ServedImage Source(ParseResult parsed, int parallel, CancellationToken cancel)
    {
        var (chip, model) = (parsed.GetValue(_chip), parsed.GetValue(_model));
        if (parsed.GetValue(_device) is { } device)
        {
            if (chip is not null || model is not null)
                throw new InputException("give CHIP, --model or --device, not several");
            var status = RemoteCard.Status(device);
            return ServedImage.Of(status.Chip) with { LargestContext = status.Context };
        }
        if (chip is null == model is null)
            throw new InputException(chip is null ? "what should be served? give CHIP or --model MODEL" : "give CHIP or --model, not both");
        using var line = new ProgressLine();
        return chip is not null
            ? ServedImage.Of(chip)
            : ServedImage.Compiled(model!, parsed.GetValue(_fabric), parsed.GetValue(_weights), parallel, new StepLine(line), cancel);
    }

    private int SlotContext(ParseResult parsed, int slots, ServedImage source)
    {
        var total = parsed.GetValue(_context);
        if (total is < 0 or > 1 << 26)
            throw new InputException($"--ctx-size {total.ToString(CultureInfo.InvariantCulture)}: use 0 or more");
        if (total == 0)
            return source.LargestContext;
        var each = parsed.GetValue(_unified) ? total : total / slots;
        return each < 1
            ? throw new InputException($"--ctx-size {total}: less than one token for each of {slots} slots")
            : Math.Min(each, source.LargestContext);
    }

    private ServerOptions Options(ParseResult parsed, int slots, int context, ServedImage source) =>
        new()
        {
            Host = parsed.GetRequiredValue(_host),
            Port = parsed.GetValue(_port),
            Aliases = [.. List(parsed.GetValue(_alias)).Order(StringComparer.Ordinal)],
            Tags = List(parsed.GetValue(_tags)),
            Slots = slots,
            SlotContext = context,
            QueueLength = parsed.GetValue(_queue),
            PromptBatch = parsed.GetValue(_batch),
            ApiKeys = Keys(parsed),
            CorsOrigins = parsed.GetRequiredValue(_cors),
            Metrics = parsed.GetValue(_metrics),
            SlotsEndpoint = !parsed.GetValue(_noSlots),
            Page = !parsed.GetValue(_noPage),
            SlotSavePath = Folder(parsed.GetValue(_savePath)),
            Sampler = _sampler.Read(parsed),
            Predict = parsed.GetValue(_predict),
            ContextShift = parsed.GetValue(_shift),
            Jinja = !parsed.GetValue(_noJinja),
            ChatTemplate = Template(parsed),
            ReasoningFormat = parsed.GetRequiredValue(_reasoningFormat),
            PrefillAssistant = !parsed.GetValue(_noPrefill),
            ReasoningBudget = parsed.GetValue(_reasoning) == "off" ? 0 : parsed.GetValue(_reasoningBudget),
            SleepIdleSeconds = parsed.GetValue(_sleep),
            Pace = parsed.GetValue(_pace),
            Verbose = parsed.GetValue(_verbose),
            ModelPath = source.ModelPath,
            TlsCertificate = parsed.GetValue(_certificate),
            TlsKey = parsed.GetValue(_certificateKey),
            OtlpEndpoint = parsed.GetValue(_otlp),
            Build = Product.Name,
        };

    private string? Template(ParseResult parsed) =>
        parsed.GetValue(_templateFile) is { } file ? RegularFile.ReadText(file, MostText, "a chat template") : parsed.GetValue(_template);

    private List<string> Keys(ParseResult parsed)
    {
        var keys = (parsed.GetValue(_keys) ?? []).SelectMany(List).ToList();
        if (parsed.GetValue(_keyFile) is { } file)
            keys.AddRange(
                RegularFile
                    .ReadText(file, MostText, "a list of keys")
                    .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            );
        return keys;
    }

    private static string? Folder(string? path) =>
        path is null || Directory.Exists(path) ? path : throw new InputException($"--slot-save-path {path}: there is no such folder");

    private static string[] List(string? text) =>
        text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
