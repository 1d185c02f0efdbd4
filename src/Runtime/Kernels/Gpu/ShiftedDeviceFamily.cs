using TaalasSim.ChipModel.Formats;
using Product = System.Action<
    ILGPU.Index1D,
    TaalasSim.Runtime.Kernels.Gpu.DeviceMatrix,
    TaalasSim.Runtime.Kernels.Gpu.DeviceVectors,
    ILGPU.ArrayView<float>
>;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Formats whose groups of codes are moved up or down; see <see cref="IShiftedFormat"/>.</summary>
internal sealed class ShiftedDeviceFamily<T> : IntegerDeviceFamily<T>
    where T : unmanaged, IShiftedFormat
{
    public override Product Reference(IlgpuDevice device, CodeFormat format) => BlockLaunch.Product<ShiftedSum<T>>(device);
}
