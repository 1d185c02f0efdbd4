using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace TaalasSim.Server.Telemetry;

/// <summary>
/// What a server measures for OpenTelemetry: spans of requests and answers, counters and histograms. Names of HTTP are those of the
/// semantic conventions. No prompt, answer, query or key is in any of them.
/// </summary>
public static class ServerInstruments
{
    /// <summary>Name of the source and of the meter.</summary>
    public const string Name = "TaalasSim.Server";

    private static readonly Meter Meter = new(Name);
    private static readonly ActivitySource Source = new(Name);
    private static readonly Histogram<double> Requests = Meter.CreateHistogram<double>(
        "http.server.request.duration",
        "s",
        "Host time of a request."
    );
    private static readonly Counter<long> Tokens = Meter.CreateCounter<long>("taalas.tokens", "{token}", "Tokens of answers that ended.");
    private static readonly Counter<double> Joules = Meter.CreateCounter<double>("taalas.energy", "J", "Energy of answers above idle.");
    private static readonly Histogram<double> FirstToken = Meter.CreateHistogram<double>(
        "taalas.first_token.duration",
        "s",
        "Simulated time from the start of a request to its first token."
    );
    private static readonly Histogram<double> PerToken = Meter.CreateHistogram<double>(
        "taalas.token.duration",
        "s",
        "Simulated time between tokens of an answer, on average."
    );

    /// <summary>Begins the span of a request.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="route">Path of the endpoint; null when there is none.</param>
    /// <param name="parent">Header <c>traceparent</c>.</param>
    /// <param name="state">Header <c>tracestate</c>.</param>
    /// <returns>Null when nobody listens.</returns>
    public static Activity? Begin(string method, string? route, string? parent, string? state)
    {
        if (!Source.HasListeners())
            return null;
        _ = ActivityContext.TryParse(parent, state, isRemote: true, out var context);
        // A parent that is none begins a trace; what the web server itself keeps track of is no parent.
        Activity.Current = null;
        var span = Source.StartActivity(route is null ? method : $"{method} {route}", ActivityKind.Server, context);
        span?.SetTag("http.request.method", method);
        span?.SetTag("http.route", route);
        return span;
    }

    /// <summary>Ends the span of a request.</summary>
    public static void End(Activity? span, string method, string? route, int status, double seconds)
    {
        var tags = new TagList
        {
            { "http.request.method", method },
            { "http.route", route ?? "" },
            { "http.response.status_code", status },
        };
        Requests.Record(seconds, tags);
        if (span is null)
            return;
        span.SetTag("http.response.status_code", status);
        if (status >= 500)
            span.SetStatus(ActivityStatusCode.Error);
        span.Dispose();
    }

    /// <summary>Begins the span of an answer, which a slot makes later on its own thread.</summary>
    /// <param name="parent">Span of its request.</param>
    public static Activity? BeginAnswer(ActivityContext parent) =>
        parent == default ? null : Source.StartActivity("answer", ActivityKind.Internal, parent);

    /// <summary>Ends the span of an answer.</summary>
    /// <param name="span">The span; null when nobody listens.</param>
    /// <param name="cost">What the answer took.</param>
    public static void EndAnswer(Activity? span, AnswerCost cost)
    {
        Tokens.Add(cost.Cached, new KeyValuePair<string, object?>("taalas.token.type", "cached"));
        Tokens.Add(cost.Prompt, new KeyValuePair<string, object?>("taalas.token.type", "prompt"));
        Tokens.Add(cost.Predicted, new KeyValuePair<string, object?>("taalas.token.type", "predicted"));
        Joules.Add(cost.Joules);
        if (cost.Predicted > 0)
            FirstToken.Record(cost.FirstTokenSeconds);
        if (cost.Predicted > 1)
            PerToken.Record(cost.DecodeSeconds / (cost.Predicted - 1));
        if (span is null)
            return;
        span.SetTag("taalas.slot", cost.Slot);
        span.SetTag("taalas.tokens.cached", cost.Cached);
        span.SetTag("taalas.tokens.prompt", cost.Prompt);
        span.SetTag("taalas.tokens.predicted", cost.Predicted);
        span.SetTag("taalas.simulated.first_token_s", cost.FirstTokenSeconds);
        span.SetTag("taalas.simulated.decode_s", cost.DecodeSeconds);
        span.SetTag("taalas.joules", cost.Joules);
        span.Dispose();
    }
}
