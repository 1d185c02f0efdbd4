using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Charts;

/// <summary>One system at one service point.</summary>
public sealed record ServiceMapPoint
{
    /// <summary>System, e.g. <c>H200</c>; decides the colour.</summary>
    public required string System { get; init; }

    /// <summary>True for one user, false for the full batch; decides the marker.</summary>
    public required bool OneUser { get; init; }

    /// <summary>Power, above 0.</summary>
    public required UncertaintyRange Watts { get; init; }

    /// <summary>Tokens per second that a user sees, above 0.</summary>
    public required UncertaintyRange TokensPerSecondUser { get; init; }
}
