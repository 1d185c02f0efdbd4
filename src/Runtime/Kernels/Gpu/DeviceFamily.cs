using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;
using Product = System.Action<
    ILGPU.Index1D,
    TaalasSim.Runtime.Kernels.Gpu.DeviceMatrix,
    TaalasSim.Runtime.Kernels.Gpu.DeviceVectors,
    ILGPU.ArrayView<float>
>;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>What ILGPU devices have for a format, given its decoder.</summary>
internal abstract class DeviceFamily
{
    /// <summary>The formats with a decoder for devices.</summary>
    public static KernelRegistry<DeviceFamily> Registry { get; } = new();

    /// <summary>The code book of the format, four entries a word.</summary>
    public virtual ReadOnlySpan<sbyte> Book => [0, 0, 0, 0];

    /// <summary>The product in the reference's arithmetic.</summary>
    public abstract Product Reference(IlgpuDevice device, CodeFormat format);

    /// <summary>The product in the fabric's arithmetic, with accumulators up to <paramref name="limit"/>; null when there is
    /// none.</summary>
    public abstract Product? Hardware(IlgpuDevice device, CodeFormat format, long limit);
}
