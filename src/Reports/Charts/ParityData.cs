using TaalasSim.ChipModel.Quantities;

namespace TaalasSim.Reports.Charts;

/// <summary>Predictions beside measurements.</summary>
public sealed record ParityData
{
    /// <summary>Heading.</summary>
    public required string Title { get; init; }

    /// <summary>The figure with its unit, e.g. <c>tokens/s</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>Pairs; groups share colour and marker.</summary>
    public required IReadOnlyList<ParityPoint> Points { get; init; }
}

/// <summary>One measurement and what the model said.</summary>
/// <param name="Group">Group, e.g. card or model.</param>
/// <param name="Measured">Measurement, above 0.</param>
/// <param name="Predicted">Prediction, above 0, with its interval.</param>
public sealed record ParityPoint(string Group, double Measured, Interval Predicted);
