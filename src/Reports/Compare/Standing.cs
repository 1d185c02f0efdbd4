namespace TaalasSim.Reports.Compare;

/// <summary>How the chip compares with a GPU in one figure.</summary>
public enum Standing
{
    /// <summary>Better, and the intervals do not overlap.</summary>
    Better,

    /// <summary>Worse, and the intervals do not overlap.</summary>
    Worse,

    /// <summary>The intervals overlap.</summary>
    Open,
}
