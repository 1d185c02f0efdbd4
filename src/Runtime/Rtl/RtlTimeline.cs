using TaalasSim.ChipModel.Timing;

namespace TaalasSim.Runtime.Rtl;

/// <summary>When the units of a Verilog chip worked on one token.</summary>
public sealed record RtlTimeline
{
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Position of the token.</summary>
    public required int Position { get; init; }

    /// <summary>Spans in order; cycles count from the token's start.</summary>
    public required IReadOnlyList<RtlSpan> Spans { get; init; }
}

/// <summary>One unit at work.</summary>
/// <param name="Unit">Unit of the schedule.</param>
/// <param name="Stage">Stage of the schedule: 0 the embedding, then the layers, then the output.</param>
/// <param name="Phase">Phase of the schedule.</param>
/// <param name="From">First cycle.</param>
/// <param name="To">Cycle behind the last.</param>
public sealed record RtlSpan(FabricUnit Unit, int Stage, string Phase, long From, long To);
