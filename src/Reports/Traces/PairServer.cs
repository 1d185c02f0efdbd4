namespace TaalasSim.Reports.Traces;

/// <summary>A GPU that reads prompts and gives the first answer token, a link that carries keys and values, and a chip that
/// decodes.</summary>
/// <param name="gpu">The GPU.</param>
/// <param name="chip">The chip.</param>
/// <param name="linkSeconds">Time of a number of bytes on the link to the chip's card.</param>
internal sealed class PairServer(GpuServer gpu, ChipServer chip, Func<double, double> linkSeconds) : IServingSystem
{
    /// <inheritdoc/>
    public string Name => $"{gpu.Name} + {chip.Name}";

    /// <inheritdoc/>
    public required IReadOnlyList<string> Basis { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<ServingPart> Parts => [.. gpu.Parts, .. chip.Parts];

    /// <inheritdoc/>
    public ServedTrace Serve(IReadOnlyList<TraceRequest> requests, IntervalEnd end, CancellationToken cancel)
    {
        var served = new ServedTrace(requests.Count);
        var prompts = gpu.Serve(requests, served, end, promptsOnly: true, cancel);
        var jobs = new List<ChipJob>(requests.Count);
        var free = 0.0;
        // The link carries one prompt after another, in the order in which they were read.
        foreach (var i in Enumerable.Range(0, requests.Count).Where(i => requests[i].AnswerTokens > 1).OrderBy(i => served.First[i]))
        {
            var request = requests[i];
            free = Math.Max(free, served.First[i]) + linkSeconds(chip.KvBytes(request.PromptTokens));
            jobs.Add(new ChipJob(i, free, 0, request.PromptTokens + 1, request.AnswerTokens - 1, chip.Held(request)));
        }

        var answers = chip.Serve(jobs, served, end, cancel);
        served.Parts.Add(prompts);
        served.Parts.Add(answers);
        return served;
    }
}
