using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Traces;

/// <summary>What a system did for a trace.</summary>
public sealed record TraceFigures
{
    /// <summary>From arrival to the first answer token, s.</summary>
    public required Percentiles TimeToFirstTokenSeconds { get; init; }

    /// <summary>Time per answer token after the first, s; over requests of two answer tokens and more.</summary>
    public required Percentiles TimePerOutputTokenSeconds { get; init; }

    /// <summary>From arrival to the last answer token, s.</summary>
    public required Percentiles LatencySeconds { get; init; }

    /// <summary>From the start of the trace to its last answer token, s.</summary>
    public required UncertaintyRange DurationSeconds { get; init; }

    /// <summary>Answer tokens over the duration.</summary>
    public required UncertaintyRange TokensPerSecond { get; init; }

    /// <summary>Requests in service on average, of all replicas.</summary>
    public required double MeanUsers { get; init; }

    /// <summary>Requests that wait for a slot on average.</summary>
    public required double MeanWaiting { get; init; }

    /// <summary>Use of the system's parts.</summary>
    public required IReadOnlyList<TracePart> Parts { get; init; }

    /// <summary>Mean power, W.</summary>
    public required UncertaintyRange Watts { get; init; }

    /// <summary>Energy over answer tokens, prompts and idle time included, J.</summary>
    public required UncertaintyRange JoulesPerToken { get; init; }

    /// <summary>Cost of the whole duration over answer tokens, USD a million.</summary>
    public required UncertaintyRange UsdPerMillionTokens { get; init; }

    /// <summary>The same over requests, USD a thousand.</summary>
    public required UncertaintyRange UsdPerThousandRequests { get; init; }

    /// <summary>Whether the queue grew until the last arrival: times then depend on the length of the trace.</summary>
    public required bool Overloaded { get; init; }
}
