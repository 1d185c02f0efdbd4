using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Traces;

/// <summary>Traffic from which a trace is generated.</summary>
public sealed record TrafficSpec
{
    /// <summary>Requests a second on average, above 0.</summary>
    public required double RequestsPerSecond { get; init; }

    /// <summary>Requests, 1 to <see cref="RequestTrace.MostRequests"/>.</summary>
    public required int Requests { get; init; }

    /// <summary>Mean prompt, tokens, at least 1.</summary>
    public required int MeanPrompt { get; init; }

    /// <summary>Mean answer, tokens, at least 1.</summary>
    public required int MeanAnswer { get; init; }

    /// <summary>Prompt and answer together are at most this long: the model's context.</summary>
    public int MostTokens { get; init; } = int.MaxValue;

    /// <summary>How requests arrive.</summary>
    public ArrivalKind Arrivals { get; init; }

    /// <summary>Mean number of requests of a burst, at least 1; the numbers are geometric.</summary>
    public double BurstRequests { get; init; } = 8;

    /// <summary>How lengths spread.</summary>
    public LengthKind Lengths { get; init; }

    /// <summary>Seed; the same seed gives the same trace on every machine.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Checks all numbers.</summary>
    /// <exception cref="InputException">A number is out of range.</exception>
    public void Check()
    {
        if (!(RequestsPerSecond > 0) || double.IsInfinity(RequestsPerSecond))
            throw new InputException($"--rate {RequestsPerSecond}: requests a second are above 0");
        if (Requests is < 1 or > RequestTrace.MostRequests)
            throw new InputException($"--requests {Requests}: use 1 to {RequestTrace.MostRequests}");
        if (MeanPrompt < 1 || MeanAnswer < 1 || MeanPrompt + (long)MeanAnswer > MostTokens)
            throw new InputException(
                $"{MeanPrompt} prompt and {MeanAnswer} answer tokens: use at least 1 each and at most {MostTokens} together"
            );
        if (!(BurstRequests >= 1) || double.IsInfinity(BurstRequests))
            throw new InputException($"--burst {BurstRequests}: requests of a burst are at least 1");
    }
}
