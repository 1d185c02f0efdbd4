namespace TaalasSim.Training.Model;

/// <summary>What the forward pass of one layer leaves for its backward pass; each array holds Tokens × the stated width.</summary>
internal sealed class Activations<T>(ModelShape shape, int tokens, int probabilities)
{
    /// <summary>Residual stream before the layer; Width.</summary>
    public T[] Input { get; } = new T[tokens * shape.Width];

    /// <summary>Normalised input; Width.</summary>
    public T[] AttentionNormed { get; } = new T[tokens * shape.Width];

    /// <summary>Scale of the first norm; 1.</summary>
    public T[] AttentionScales { get; } = new T[tokens];

    /// <summary>Queries after rotation; Width.</summary>
    public T[] Query { get; } = new T[tokens * shape.Width];

    /// <summary>Keys after rotation; KeyWidth.</summary>
    public T[] Key { get; } = new T[tokens * shape.KeyWidth];

    /// <summary>Values; KeyWidth.</summary>
    public T[] Value { get; } = new T[tokens * shape.KeyWidth];

    /// <summary>Attention probabilities, Sequences × Heads × Length × Length.</summary>
    public T[] Probabilities { get; } = new T[probabilities];

    /// <summary>Heads' outputs side by side; Width.</summary>
    public T[] Attended { get; } = new T[tokens * shape.Width];

    /// <summary>Residual stream between the two halves; Width.</summary>
    public T[] Middle { get; } = new T[tokens * shape.Width];

    /// <summary>Normalised middle; Width.</summary>
    public T[] FeedForwardNormed { get; } = new T[tokens * shape.Width];

    /// <summary>Scale of the second norm; 1.</summary>
    public T[] FeedForwardScales { get; } = new T[tokens];

    /// <summary>Gate projection; FeedForward.</summary>
    public T[] Gate { get; } = new T[tokens * shape.FeedForward];

    /// <summary>Up projection; FeedForward.</summary>
    public T[] Up { get; } = new T[tokens * shape.FeedForward];

    /// <summary>σ(Gate); FeedForward.</summary>
    public T[] Sigmoid { get; } = new T[tokens * shape.FeedForward];

    /// <summary>silu(Gate) ∘ Up; FeedForward.</summary>
    public T[] Gated { get; } = new T[tokens * shape.FeedForward];
}
