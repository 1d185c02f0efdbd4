using ILGPU;
using ILGPU.Runtime;
using TaalasSim.ChipModel.Formats;
using Product = System.Action<
    ILGPU.Index1D,
    TaalasSim.Runtime.Kernels.Gpu.DeviceMatrix,
    TaalasSim.Runtime.Kernels.Gpu.DeviceVectors,
    ILGPU.ArrayView<float>
>;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Plain floats.</summary>
internal sealed class FloatDeviceFamily<T> : DeviceFamily
    where T : unmanaged, IFloatFormat
{
    public override Product Reference(IlgpuDevice device, CodeFormat format) =>
        device.HasDoubles
            ? device.Accelerator.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(FloatProducts.Plain<T, DoubleSum>)
            : device.Accelerator.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(FloatProducts.Plain<T, PairSum>);

    public override Product Hardware(IlgpuDevice device, CodeFormat format, long limit) =>
        device.Accelerator.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(FabricProducts.Float<T>);
}
