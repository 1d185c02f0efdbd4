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

/// <summary>Formats of integer codes with scales.</summary>
internal class IntegerDeviceFamily<T> : DeviceFamily
    where T : unmanaged, IIntegerFormat
{
    public override ReadOnlySpan<sbyte> Book => T.Book;

    public override Product Reference(IlgpuDevice device, CodeFormat format)
    {
        var integer = (IntegerFormat)format;
        return integer.Order switch
        {
            SumOrder.SumFirst => BlockLaunch.Product<SumFirst<T>>(device),
            SumOrder.ScaleFirst => BlockLaunch.Product<ScaleFirst<T>>(device),
            SumOrder.ScaleLast => BlockLaunch.Product<ScaleLast<T>>(device),
            SumOrder.OneSum => BlockLaunch.Product<OneSum<T>>(device, integer.OutputScale),
            _ => BlockLaunch.Product<LaneSums<T>>(device),
        };
    }

    public override Product? Hardware(IlgpuDevice device, CodeFormat format, long limit) =>
        format.HasIntegerCodes
            ? device.Accelerator.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(
                FabricProducts.Integer<T>
            )
            : null;
}
