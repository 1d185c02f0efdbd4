namespace TaalasSim.Runtime.Host.Generate;

/// <summary>A canvas that was filled with llama.cpp's schedules, and what it cost in simulated time.</summary>
public sealed record DiffusionGeneration
{
    /// <summary>Tokens of the prompt.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>The canvas behind the prompt; masks may be left.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>Positions that are still masked.</summary>
    public required int MasksLeft { get; init; }

    /// <summary>Steps.</summary>
    public required int Steps { get; init; }

    /// <summary>Passes over the whole canvas; guidance takes two a step.</summary>
    public required int Passes { get; init; }

    /// <summary>Simulated time of the whole request.</summary>
    public required double SimulatedSeconds { get; init; }

    /// <summary>Simulated energy of the whole request above idle, from the card's counter.</summary>
    public required double Joules { get; init; }

    /// <summary>Time that the simulation took on the host.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>Positions of the canvas.</summary>
    public int Canvas => PromptTokens + Tokens.Count;

    /// <summary>Positions that the passes computed.</summary>
    public long Slots => (long)Passes * Canvas;
}
