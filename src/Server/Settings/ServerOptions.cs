using TaalasSim.Runtime.Decode;

namespace TaalasSim.Server.Settings;

/// <summary>How a server answers; the defaults are llama-server's.</summary>
public sealed record ServerOptions
{
    /// <summary>Address to listen on.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Port to listen on; 0 takes a free one.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>Names of the model, in alphabetical order; the first is its id.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Tags of the model.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>User slots: requests that run at once.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>Context of each slot, tokens.</summary>
    public required int SlotContext { get; init; }

    /// <summary>Requests that may wait for a slot; more are refused with 503.</summary>
    public int QueueLength { get; init; } = 256;

    /// <summary>Most prompt tokens that one pass takes.</summary>
    public int PromptBatch { get; init; } = 2048;

    /// <summary>Keys of which a request must bring one; none: no key is asked for.</summary>
    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    /// <summary>Origins that pages may come from: <c>*</c> for any, <c>localhost</c>, or a list with commas.</summary>
    public string CorsOrigins { get; init; } = "*";

    /// <summary>Whether <c>/metrics</c> answers.</summary>
    public bool Metrics { get; init; }

    /// <summary>Whether <c>/slots</c> answers.</summary>
    public bool SlotsEndpoint { get; init; } = true;

    /// <summary>Whether <c>POST /props</c> answers.</summary>
    public bool Props { get; init; }

    /// <summary>Whether the page at <c>/</c> is there.</summary>
    public bool Page { get; init; } = true;

    /// <summary>Folder for saved slots; null refuses to save.</summary>
    public string? SlotSavePath { get; init; }

    /// <summary>Sampler of requests that name none.</summary>
    public SamplerChainSettings Sampler { get; init; } = new();

    /// <summary>Most new tokens of a request that names none; −1 for no limit.</summary>
    public int Predict { get; init; } = -1;

    /// <summary>Whether a full context drops its oldest half instead of ending the answer.</summary>
    public bool ContextShift { get; init; }

    /// <summary>Whether templates get the fields that need Jinja; tools are refused without.</summary>
    public bool Jinja { get; init; } = true;

    /// <summary>Chat template in place of the model's: Jinja text, or a name of the model's templates, or chatml.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>How reasoning in an answer is told apart: none, deepseek or deepseek-legacy.</summary>
    public string ReasoningFormat { get; init; } = "deepseek";

    /// <summary>Whether a conversation that ends with the assistant's words is continued.</summary>
    public bool PrefillAssistant { get; init; } = true;

    /// <summary>0 turns reasoning off where the template can; −1 leaves it on.</summary>
    public int ReasoningBudget { get; init; } = -1;

    /// <summary>Seconds without work after which the server reports that it sleeps; 0 or less for never.</summary>
    public int SleepIdleSeconds { get; init; } = -1;

    /// <summary>Whether answers come no faster than the simulated chip makes them.</summary>
    public bool Pace { get; init; }

    /// <summary>Whether answers carry the internals of their requests.</summary>
    public bool Verbose { get; init; }

    /// <summary>Where the model comes from, for <c>/props</c>.</summary>
    public string ModelPath { get; init; } = "";

    /// <summary>Seconds between comments that keep a silent stream open; −1 for none.</summary>
    public int PingSeconds { get; init; } = 30;

    /// <summary>Largest body of a request, bytes.</summary>
    public long MaximumBody { get; init; } = 64L << 20;

    /// <summary>Most connections at once.</summary>
    public int MaximumConnections { get; init; } = 4096;

    /// <summary>Certificate in PEM, with <see cref="TlsKey"/>; null for plain HTTP.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>Private key of the certificate in PEM.</summary>
    public string? TlsKey { get; init; }

    /// <summary>Address of an OpenTelemetry collector; null takes that of the environment, if there is one.</summary>
    public string? OtlpEndpoint { get; init; }

    /// <summary>A modelled GPU for the page to show beside the chip, computed when it is first asked for; null for none.</summary>
    public Lazy<ReferenceSpeed?>? Reference { get; init; }

    /// <summary>Name and version of the program.</summary>
    public string Build { get; init; } = "";
}
