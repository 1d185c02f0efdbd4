namespace TaalasSim.ChipModel.Gpu;

/// <summary>Result of scoring a table of measurements.</summary>
public sealed record GpuScore
{
    /// <summary>Errors of the rows by kind of figure and role.</summary>
    public required IReadOnlyList<GpuScoreGroup> Groups { get; init; }

    /// <summary>Rows with a prediction, in the order of the table.</summary>
    public required IReadOnlyList<GpuScoreRow> Rows { get; init; }

    /// <summary>Rows without a prediction, with reasons; together with <see cref="Rows"/> every row of the table.</summary>
    public required IReadOnlyList<GpuUnmodelled> Unmodelled { get; init; }
}
