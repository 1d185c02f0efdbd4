namespace TaalasSim.Runtime.Kernels.Select;

/// <summary>A backend of the numeric kernels as this machine has it.</summary>
public sealed record BackendInfo
{
    /// <summary>Name as written on the command line, e.g. <c>ilgpu-cuda</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it can be used here.</summary>
    public required bool IsAvailable { get; init; }

    /// <summary>The device, or why there is none.</summary>
    public required string Detail { get; init; }
}
