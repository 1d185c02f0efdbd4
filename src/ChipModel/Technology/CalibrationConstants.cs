using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Technology;

/// <summary>Scale factors. Area and power are fitted on one product, each on one published figure; the latency factor is a belief, because
/// the clock of that product is fitted instead.</summary>
public sealed record CalibrationConstants
{
    /// <summary>Cycles that a real chip takes over the structural ones; acts where cycles become seconds, never on a count of
    /// cycles.</summary>
    [FieldRange(0.01, 100, "x")]
    public required Constant Latency { get; init; }

    /// <summary>Factor on the structural area of banks (ROM array and column logic).</summary>
    [FieldRange(0.01, 100, "x")]
    public required Constant Area { get; init; }

    /// <summary>Factor on the structural switching energy.</summary>
    [FieldRange(0.01, 100, "x")]
    public required Constant Power { get; init; }
}
