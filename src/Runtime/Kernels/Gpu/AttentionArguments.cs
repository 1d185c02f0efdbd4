namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Sizes and switches of one attention, as the kernel sees them.</summary>
internal struct AttentionArguments
{
    public int Heads;
    public int KvHeads;
    public int HeadSize;
    public int ValueHeadSize;
    public int Position;
    public int Rows;
    public int Window;

    /// <summary>1 when the window does not slide but starts at its multiples.</summary>
    public int ChunkedWindow;

    /// <summary>Positions that every row sees; 0 when a row sees those up to its own.</summary>
    public int Seen;

    /// <summary>First row of queries and results that a launch computes.</summary>
    public int FirstRow;

    /// <summary>1 when Q is scaled instead of the scores.</summary>
    public int ScaleQuery;

    /// <summary>1 when queries and probabilities are rounded to binary16.</summary>
    public int RoundToHalf;

    /// <summary>1 when there is a sink per head.</summary>
    public int HasSinks;

    public float Scale;
    public float SoftCap;

    /// <summary>Element of the cache at which the layer begins.</summary>
    public long KeyStart;
    public long ValueStart;

    /// <summary>Elements between the keys of neighbouring positions, and between neighbouring elements of a key.</summary>
    public int KeyStride;
    public int KeyElementStride;

    /// <summary>Elements between the values of neighbouring positions.</summary>
    public int ValueStride;

    /// <summary>Floats of a group's row in the score scratch.</summary>
    public int ScoreStride;
}
