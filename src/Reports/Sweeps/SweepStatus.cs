namespace TaalasSim.Reports.Sweeps;

/// <summary>What became of a point.</summary>
public enum SweepStatus
{
    /// <summary>Evaluated.</summary>
    Ok,

    /// <summary>The model does not fit the fabric; the reason says which resource.</summary>
    DoesNotFit,

    /// <summary>The values make no design; the reason says why.</summary>
    Invalid,

    /// <summary>The evaluation failed; the reason is its message.</summary>
    Failed,
}
