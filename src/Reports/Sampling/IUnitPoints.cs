namespace TaalasSim.Reports.Sampling;

/// <summary>Points of the unit cube by their index, the same whichever is asked for first. Safe to use from several threads.</summary>
public interface IUnitPoints
{
    /// <summary>Coordinates of a point.</summary>
    int Dimensions { get; }

    /// <summary>One point.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="point">Takes its coordinates, each in [0, 1).</param>
    void At(int index, Span<double> point);
}
