namespace TaalasSim.ChipModel.Gpu;

/// <summary>Root of <c>chips/gpus/measurements/exclusions.yaml</c>: rows that contradict others or measure something else.</summary>
public sealed record GpuExclusions
{
    /// <summary>Reason by row id.</summary>
    public required Dictionary<string, string> Rows { get; init; }
}
