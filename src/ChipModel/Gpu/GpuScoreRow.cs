namespace TaalasSim.ChipModel.Gpu;

/// <summary>One figure and its prediction, in the figure's unit.</summary>
public sealed record GpuScoreRow
{
    /// <summary>Identifier of the measurement.</summary>
    public required string Id { get; init; }

    /// <summary>Kind of figure; the group that it is scored in.</summary>
    public required string Group { get; init; }

    /// <summary>The published figure.</summary>
    public required double Measured { get; init; }

    /// <summary>What the model gives with its best estimates.</summary>
    public required double Predicted { get; init; }

    /// <summary>Lower end of the 90 % interval.</summary>
    public required double Low { get; init; }

    /// <summary>Upper end of the 90 % interval.</summary>
    public required double High { get; init; }

    /// <summary>100 (predicted / measured − 1).</summary>
    public required double ErrorPct { get; init; }
}
