namespace TaalasSim.Runtime.Engine;

/// <summary>A resource serving a phase of a token.</summary>
public readonly record struct TraceSlice
{
    /// <summary>Index of the resource in <see cref="EngineResult.Resources"/>.</summary>
    public required int Resource { get; init; }

    /// <summary>The phase served.</summary>
    public required PhaseRef Phase { get; init; }

    /// <summary>Index of the request.</summary>
    public required int Request { get; init; }

    /// <summary>Position of the token in its context.</summary>
    public required int Position { get; init; }

    /// <summary>Cycle at which the phase could have started had all resources been free.</summary>
    public required long ReadyCycle { get; init; }

    /// <summary>Cycle at which service starts.</summary>
    public required long StartCycle { get; init; }

    /// <summary>Cycles that the resource is taken.</summary>
    public required long Cycles { get; init; }
}
