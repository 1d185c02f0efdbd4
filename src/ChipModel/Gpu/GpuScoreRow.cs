namespace TaalasSim.ChipModel.Gpu;

/// <summary>One figure and its prediction, in the figure's unit.</summary>
public sealed record GpuScoreRow
{
    public required string Id { get; init; }

    public required string Group { get; init; }

    public required double Measured { get; init; }

    public required double Predicted { get; init; }

    /// <summary>Lower end of the 90 % interval.</summary>
    public required double Low { get; init; }

    /// <summary>Upper end of the 90 % interval.</summary>
    public required double High { get; init; }

    /// <summary>100 (predicted / measured − 1).</summary>
    public required double ErrorPct { get; init; }
}
