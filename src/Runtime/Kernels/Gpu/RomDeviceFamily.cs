using System.Runtime.CompilerServices;
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

/// <summary>The fabric's formats of any width.</summary>
internal sealed class RomDeviceFamily : DeviceFamily
{
    [ModuleInitializer]
    internal static void Register() => Registry.Add<RomFormat>(static () => new RomDeviceFamily());

    public override Product Reference(IlgpuDevice device, CodeFormat format) =>
        device.HasDoubles
            ? device.Accelerator.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(
                FloatProducts.Rom<DoubleSum>
            )
            : device.Accelerator.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(
                FloatProducts.Rom<PairSum>
            );

    public override Product Hardware(IlgpuDevice device, CodeFormat format, long limit)
    {
        var kernel = device.Accelerator.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>, long>(
            FabricProducts.Rom
        );
        return (count, w, x, y) => kernel(count, w, x, y, limit);
    }
}
