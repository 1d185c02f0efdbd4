using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Service shape of a design point.</summary>
public sealed record SweepService
{
    /// <summary>Prompt tokens per request, at least 1.</summary>
    [FieldRange(1, 1 << 28, "tokens")]
    public required int InputTokens { get; init; }

    /// <summary>Answer tokens per request, at least 1.</summary>
    [FieldRange(1, 1 << 28, "tokens")]
    public required int OutputTokens { get; init; }

    /// <summary>Requests in flight, at least 1.</summary>
    [FieldRange(1, 1 << 20, "users")]
    public int Users { get; init; } = 1;
}
