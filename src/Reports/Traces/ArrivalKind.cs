namespace TaalasSim.Reports.Traces;

/// <summary>How requests of a generated trace arrive.</summary>
public enum ArrivalKind
{
    /// <summary>Independent of one another: exponential times between them.</summary>
    Poisson,

    /// <summary>In groups that arrive at once; the groups are independent of one another.</summary>
    Bursts,

    /// <summary>At equal times.</summary>
    Regular,
}
