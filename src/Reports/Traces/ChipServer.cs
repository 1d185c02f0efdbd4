using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Traces;

/// <summary>A chip that serves requests on its user slots.</summary>
internal sealed class ChipServer : IServingSystem
{
    /// <summary>Times of the chip.</summary>
    public required ChipTiming Timing { get; init; }

    /// <summary>User slots of the card.</summary>
    public required int Slots { get; init; }

    /// <summary>Room for keys and values, bytes; infinite where none are kept.</summary>
    public required double KvCapacity { get; init; }

    /// <summary>Bytes of keys and values of a number of positions.</summary>
    public required Func<double, double> KvBytes { get; init; }

    /// <summary>Seconds at an end of the interval over the best estimate: fast, slow.</summary>
    public required (double Fast, double Slow) TimeRatio { get; init; }

    /// <summary>Energy of a prompt token beyond what the idle card draws, J.</summary>
    public required double PromptJoules { get; init; }

    /// <summary>The same of an answer token, J.</summary>
    public required double AnswerJoules { get; init; }

    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public required IReadOnlyList<string> Basis { get; init; }

    /// <inheritdoc/>
    public required IReadOnlyList<ServingPart> Parts { get; init; }

    /// <inheritdoc/>
    public ServedTrace Serve(IReadOnlyList<TraceRequest> requests, IntervalEnd end, CancellationToken cancel)
    {
        var served = new ServedTrace(requests.Count);
        var jobs = requests.Select((r, i) => new ChipJob(i, r.ArrivalSeconds, r.PromptTokens, r.PromptTokens, r.AnswerTokens, Held(r)));
        served.Parts.Add(Serve([.. jobs], served, end, cancel));
        return served;
    }

    /// <summary>Serves jobs, whose requests may have begun elsewhere.</summary>
    public ServedPart Serve(IReadOnlyList<ChipJob> jobs, ServedTrace served, IntervalEnd end, CancellationToken cancel)
    {
        var scale = end switch
        {
            IntervalEnd.Fast => TimeRatio.Fast,
            IntervalEnd.Slow => TimeRatio.Slow,
            _ => 1,
        };
        var busy = new ChipQueue(Timing, scale, Slots, KvCapacity, jobs, served).Run(cancel);
        return new ServedPart(busy, jobs.Sum(j => (j.PromptTokens * PromptJoules) + (j.AnswerTokens * AnswerJoules)));
    }

    /// <summary>Keys and values of a whole request, bytes.</summary>
    /// <exception cref="InputException">The chip does not hold them.</exception>
    public double Held(TraceRequest request)
    {
        var bytes = KvBytes(request.PromptTokens + (double)request.AnswerTokens);
        return bytes <= KvCapacity
            ? bytes
            : throw new InputException(
                $"a request of {request.PromptTokens} + {request.AnswerTokens} tokens needs {bytes / 1e6:0.#} MB of keys and values; the "
                    + $"chip has {KvCapacity / 1e6:0.#} MB"
            );
    }
}
