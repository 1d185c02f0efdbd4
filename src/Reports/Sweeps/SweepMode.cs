namespace TaalasSim.Reports.Sweeps;

/// <summary>How a sweep chooses its points.</summary>
public enum SweepMode
{
    /// <summary>Every combination of the values.</summary>
    Grid,

    /// <summary>Points drawn independently.</summary>
    Random,

    /// <summary>Points of which each equal part of every range holds one.</summary>
    LatinHypercube,

    /// <summary>Points of the Sobol sequence, which fill the space evenly at any number.</summary>
    Sobol,

    /// <summary>A search for the Pareto front of the objectives (NSGA-II).</summary>
    Search,

    /// <summary>Points for Sobol's indices: how much of a figure's variance each field makes.</summary>
    Sensitivity,

    /// <summary>The described design, and each field alone at its two ends.</summary>
    Tornado,
}
