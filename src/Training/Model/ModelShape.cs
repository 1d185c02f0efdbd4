namespace TaalasSim.Training.Model;

/// <summary>Sizes of a Llama-architecture model.</summary>
public sealed record ModelShape
{
    /// <summary>Tokens.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Elements of the residual stream.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Layers.</summary>
    public int Layers { get; init; } = 4;

    /// <summary>Query heads; they divide <see cref="Width"/>.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Key and value heads; they divide <see cref="Heads"/>.</summary>
    public int KeyHeads { get; init; } = 2;

    /// <summary>Elements between the gate and the down projection.</summary>
    public int FeedForward { get; init; } = 384;

    /// <summary>Longest sequence, in tokens.</summary>
    public int Context { get; init; } = 256;

    /// <summary>Base of the rotary angles.</summary>
    public float RopeBase { get; init; } = 10_000;

    /// <summary>Added to the mean square in every norm.</summary>
    public float NormEpsilon { get; init; } = 1e-5f;

    /// <summary>Elements of a head.</summary>
    public int HeadSize => Width / Heads;

    /// <summary>Elements of a token's keys, and of its values.</summary>
    public int KeyWidth => KeyHeads * HeadSize;
}
