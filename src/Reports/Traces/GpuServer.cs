using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Gpu;

namespace TaalasSim.Reports.Traces;

/// <summary>GPUs that share a model behind one inference engine.</summary>
internal sealed class GpuServer : IServingSystem
{
    /// <summary>Times of steps.</summary>
    public required GpuMachine Machine { get; init; }

    /// <summary>Cards.</summary>
    public required int Cards { get; init; }

    /// <summary>Most sequences of a step.</summary>
    public required int MostSequences { get; init; }

    /// <summary>Most tokens of a step.</summary>
    public required int StepTokens { get; init; }

    /// <summary>Whether a sequence is taken only with room for its whole answer; otherwise with room for its mean context.</summary>
    public required bool ReservesWholeContext { get; init; }

    /// <summary>Set-up of a prompt, s.</summary>
    public required double PrefillSeconds { get; init; }

    /// <summary>Server work before the first token, s.</summary>
    public required double FirstTokenSeconds { get; init; }

    /// <summary>Steps that a request waits beyond the one that runs when it arrives.</summary>
    public required double WaitSteps { get; init; }

    /// <summary>Share of the time in which a card with a queue works, above 0 and at most 1.</summary>
    public required double BusyShare { get; init; }

    /// <summary>Seconds of prompts on an idle card at an end of the interval over the best estimate.</summary>
    public required (double Fast, double Slow) PromptRatio { get; init; }

    /// <summary>The same of other steps.</summary>
    public required (double Fast, double Slow) StepRatio { get; init; }

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
        served.Parts.Add(Serve(requests, served, end, promptsOnly: false, cancel));
        return served;
    }

    /// <summary>Serves requests, or their prompts alone.</summary>
    /// <exception cref="InputException">A request fits at no load.</exception>
    public ServedPart Serve(
        IReadOnlyList<TraceRequest> requests,
        ServedTrace served,
        IntervalEnd end,
        bool promptsOnly,
        CancellationToken cancel
    )
    {
        foreach (var r in requests)
            if (Held(r, promptsOnly) > Machine.KvPoolBytes)
                throw new InputException(
                    $"a request of {r.PromptTokens} + {r.AnswerTokens} tokens needs {Held(r, promptsOnly) / 1e9:0.##} GB of keys and "
                        + $"values; {Machine.KvPoolBytes / 1e9:0.##} GB are left beside the weights"
                );
        return new GpuQueue(this, end, requests, promptsOnly, served).Run(cancel);
    }

    /// <summary>Keys and values that a request is admitted with, bytes.</summary>
    public double Held(TraceRequest request, bool promptsOnly) =>
        Machine.KvBytes(request.PromptTokens + (promptsOnly ? 1 : (ReservesWholeContext ? 1 : 0.5) * request.AnswerTokens));
}
