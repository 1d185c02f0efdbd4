namespace TaalasSim.Runtime.Host.Generate;

/// <summary>One repetition of a speed test: a prompt, a generation or both.</summary>
public sealed record BenchSample
{
    /// <summary>Time that the simulation took on the host, ns.</summary>
    public required long HostNs { get; init; }

    /// <summary>Simulated time of the same work, seconds.</summary>
    public required double SimulatedSeconds { get; init; }

    /// <summary>Simulated energy above idle of the same work, joules.</summary>
    public required double Joules { get; init; }

    /// <summary>Passes over the fabric.</summary>
    public required long Passes { get; init; }
}
