namespace TaalasSim.Reports.Sweeps;

/// <summary>Draws for each point of a sweep where nothing is said.</summary>
public static class DefaultDraws
{
    /// <summary>Draws of a sweep of few points.</summary>
    public const int Few = 60;

    /// <summary>Points above which nothing is drawn.</summary>
    public const int ManyPoints = 10_000;

    /// <summary>Draws for a sweep of this number of points.</summary>
    public static int For(int points) => points > ManyPoints ? 0 : Few;
}
