namespace TaalasSim.Reports.Validation;

/// <summary>Synthesised banks: <c>chips/measurements/synthesis.yaml</c>.</summary>
public sealed record SynthesisMeasurements
{
    /// <summary>The banks, in the order of the file.</summary>
    public required List<SynthesisMeasurement> Rows { get; init; }
}
