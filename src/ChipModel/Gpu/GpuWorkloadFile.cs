namespace TaalasSim.ChipModel.Gpu;

/// <summary>Root of <c>chips/gpus/workloads.yaml</c>.</summary>
public sealed record GpuWorkloadFile
{
    /// <summary>Request mixes.</summary>
    public required List<GpuWorkload> Workloads { get; init; }
}
