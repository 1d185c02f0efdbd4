namespace TaalasSim.Runtime.Kernels.Contract;

/// <summary>What an attention layer does beside the sums.</summary>
public readonly record struct AttentionShape
{
    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key/value heads; query head h uses h / (Heads / KvHeads).</summary>
    public required int KvHeads { get; init; }

    /// <summary>Elements per query and key head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Elements per value head.</summary>
    public required int ValueHeadSize { get; init; }

    /// <summary>Factor on scores (1/sqrt(head size)), or on Q before it is rounded when <see cref="ScaleQuery"/>.</summary>
    public required float Scale { get; init; }

    /// <summary>Scale Q before its rounding to F16 instead of the score.</summary>
    public bool ScaleQuery { get; init; }

    /// <summary>Soft cap on scores; 0 for none.</summary>
    public float SoftCap { get; init; }

    /// <summary>Keys visible including the current one; 0 for all.</summary>
    public int Window { get; init; }

    /// <summary>The window does not slide: visible are the keys from the last multiple of it on.</summary>
    public bool ChunkedWindow { get; init; }

    /// <summary>One sink logit per query head, or null.</summary>
    public IKernelBuffer? Sinks { get; init; }

    /// <summary>First position that the query at position <paramref name="last"/> sees.</summary>
    public int First(int last) =>
        Window <= 0 ? 0
        : ChunkedWindow ? last - (last % Window)
        : Math.Max(0, last - Window + 1);
}
