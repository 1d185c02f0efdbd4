namespace TaalasSim.Reports.Traces;

/// <summary>Requests in the order of their arrival, and where they come from.</summary>
/// <param name="Source">What the trace is, in words for people.</param>
/// <param name="Requests">Requests, at least one.</param>
public sealed record RequestTrace(string Source, IReadOnlyList<TraceRequest> Requests)
{
    /// <summary>Most requests of a trace.</summary>
    public const int MostRequests = 1_000_000;

    /// <summary>Mean prompt, tokens.</summary>
    public double MeanPrompt => Requests.Average(r => (double)r.PromptTokens);

    /// <summary>Mean answer, tokens.</summary>
    public double MeanAnswer => Requests.Average(r => (double)r.AnswerTokens);

    /// <summary>Answer tokens of all requests.</summary>
    public long AnswerTokens => Requests.Sum(r => (long)r.AnswerTokens);

    /// <summary>Prompt tokens of all requests.</summary>
    public long PromptTokens => Requests.Sum(r => (long)r.PromptTokens);

    /// <summary>Requests that one of several equal systems gets when they take turns.</summary>
    /// <param name="replica">System, from 0.</param>
    /// <param name="replicas">Systems, at least 1.</param>
    public IReadOnlyList<TraceRequest> Share(int replica, int replicas) =>
        replicas == 1 ? Requests : [.. Requests.Where((_, i) => i % replicas == replica)];
}
