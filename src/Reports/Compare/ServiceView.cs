namespace TaalasSim.Reports.Compare;

/// <summary>The two service points that are always shown side by side and never mixed in a ratio.</summary>
public enum ServiceView
{
    /// <summary>A single user.</summary>
    OneUser,

    /// <summary>As many users as the system takes.</summary>
    FullBatch,
}
