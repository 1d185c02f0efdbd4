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
    public override Product Reference(Accelerator a, CodeFormat format, bool doubles) =>
        doubles
            ? a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(FloatProducts.Plain<T, DoubleSum>)
            : a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(FloatProducts.Plain<T, PairSum>);

    public override Product Hardware(Accelerator a, CodeFormat format, long limit) =>
        a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(FabricProducts.Float<T>);
}
