namespace TaalasSim.Reports.Validation;

/// <summary>Synthesised banks: <c>chips/measurements/synthesis.yaml</c>.</summary>
public sealed record SynthesisMeasurements
{
    public required List<SynthesisMeasurement> Rows { get; init; }
}
