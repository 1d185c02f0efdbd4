namespace TaalasSim.Reports.Sweeps;

/// <summary>How a sweep chooses its points.</summary>
public enum SweepMode
{
    /// <summary>Every combination of the values.</summary>
    Grid,
}
