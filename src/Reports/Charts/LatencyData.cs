namespace TaalasSim.Reports.Charts;

/// <summary>Where the time of one token goes.</summary>
public sealed record LatencyData
{
    /// <summary>Heading.</summary>
    public required string Title { get; init; }

    /// <summary>Stages from first to last, e.g. embedding, one layer, output.</summary>
    public required IReadOnlyList<LatencyStage> Stages { get; init; }
}

/// <summary>One stage and its parts in the order in which they run.</summary>
/// <param name="Name">Stage in words, e.g. <c>one of 32 layers</c>.</param>
/// <param name="Parts">Parts in the order in which a token meets them.</param>
public sealed record LatencyStage(string Name, IReadOnlyList<LatencyPart> Parts);

/// <summary>Time of one part.</summary>
/// <param name="Name">Part in words, the same word in every stage.</param>
/// <param name="Seconds">Time that it adds to the token, 0 or more.</param>
public sealed record LatencyPart(string Name, double Seconds);
