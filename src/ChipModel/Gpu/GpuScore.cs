namespace TaalasSim.ChipModel.Gpu;

/// <summary>Result of scoring a table of measurements.</summary>
public sealed record GpuScore
{
    public required IReadOnlyList<GpuScoreGroup> Groups { get; init; }

    public required IReadOnlyList<GpuScoreRow> Rows { get; init; }

    /// <summary>Rows without a prediction, with reasons; together with <see cref="Rows"/> every row of the table.</summary>
    public required IReadOnlyList<GpuUnmodelled> Unmodelled { get; init; }
}
