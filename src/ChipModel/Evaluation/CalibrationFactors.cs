namespace TaalasSim.ChipModel.Evaluation;

/// <summary>What makes the structural model meet the published figures of one chip: its clock and two factors.</summary>
/// <param name="ClockGhz">Clock in GHz at which the structural cycles meet the published rate.</param>
/// <param name="Area">On bank area.</param>
/// <param name="Power">On switching energy.</param>
public readonly record struct CalibrationFactors(double ClockGhz, double Area, double Power)
{
    /// <summary>Whether both factors lie inside the bounds rather than on one, and the process reaches the clock.</summary>
    /// <param name="maximumClockGhz">Highest clock of the process.</param>
    public bool WithinBounds(double maximumClockGhz) => ClockGhz <= maximumClockGhz && Inside(Area) && Inside(Power);

    private static bool Inside(double factor) => factor > FitCalibration.Lowest + 1e-9 && factor < FitCalibration.Highest - 1e-9;
}
