namespace TaalasSim.Runtime.Engine;

/// <summary>What the engine plays.</summary>
public sealed record Workload
{
    /// <summary>Requests in the order of their numbers.</summary>
    public required IReadOnlyList<Request> Requests { get; init; }

    /// <summary>Experts of each token; unless given, drawn evenly by <see cref="RandomRouting"/> with seed 0. Must depend on its arguments
    /// alone.</summary>
    public ExpertChoice Experts { get; init; } = RandomRouting.Even(0);

    /// <summary>The same request this number of times, all arriving at cycle 0.</summary>
    public static Workload Users(int users, Request request) => new() { Requests = [.. Enumerable.Repeat(request, users)] };
}
