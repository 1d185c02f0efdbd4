namespace TaalasSim.Runtime.Engine;

/// <summary>Chooses the routed experts of a token in a stage.</summary>
/// <param name="request">Index of the request.</param>
/// <param name="position">Position of the token in its context, from 0.</param>
/// <param name="stage">Index of the stage in the schedule.</param>
/// <param name="experts">Experts to choose from: 0…<paramref name="experts"/> − 1.</param>
/// <param name="chosen">Filled with different experts.</param>
public delegate void ExpertChoice(int request, int position, int stage, int experts, Span<int> chosen);

/// <summary>What the engine plays.</summary>
public sealed record Workload
{
    public required IReadOnlyList<Request> Requests { get; init; }

    /// <summary>Experts of each token; unless given, drawn evenly by <see cref="ExpertDraw"/> with seed 0. Must depend on its arguments alone.</summary>
    public ExpertChoice Experts { get; init; } = ExpertDraw.Even(0);

    /// <summary>The same request so many times, all arriving at cycle 0.</summary>
    public static Workload Users(int users, Request request) => new() { Requests = [.. Enumerable.Repeat(request, users)] };
}
