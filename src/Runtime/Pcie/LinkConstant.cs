namespace TaalasSim.Runtime.Pcie;

/// <summary>A figure of the link with its range and where it comes from.</summary>
public sealed record LinkConstant
{
    public required double Value { get; init; }
    public required double Low { get; init; }
    public required double High { get; init; }
    public required string Unit { get; init; }
    public required string Source { get; init; }
}
