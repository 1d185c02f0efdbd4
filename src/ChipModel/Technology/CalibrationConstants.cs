using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Technology;

/// <summary>The three scale factors fitted on one product, each on one published figure, and how.</summary>
public sealed record CalibrationConstants
{
    /// <summary>Factor on the structural cycles of a token.</summary>
    [FieldRange(0.01, 100, "x")]
    public required Constant Latency { get; init; }

    /// <summary>Factor on the structural area of banks (ROM array and column logic).</summary>
    [FieldRange(0.01, 100, "x")]
    public required Constant Area { get; init; }

    /// <summary>Factor on the structural switching energy.</summary>
    [FieldRange(0.01, 100, "x")]
    public required Constant Power { get; init; }
}
