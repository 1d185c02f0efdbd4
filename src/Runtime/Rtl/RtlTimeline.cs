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
