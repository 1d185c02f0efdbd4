namespace TaalasSim.ChipModel.Evaluation;

/// <summary>The three factors that make the structural model meet the published figures of one chip.</summary>
/// <param name="Latency">On cycles.</param>
/// <param name="Area">On bank area.</param>
/// <param name="Power">On switching energy.</param>
public readonly record struct CalibrationFactors(double Latency, double Area, double Power)
{
    /// <summary>Whether every factor lies inside the bounds rather than on one.</summary>
    public bool WithinBounds => Inside(Latency) && Inside(Area) && Inside(Power);

    private static bool Inside(double factor) => factor > FitCalibration.Lowest + 1e-9 && factor < FitCalibration.Highest - 1e-9;
}
