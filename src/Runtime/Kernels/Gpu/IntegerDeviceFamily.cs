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

    public override Product Reference(Accelerator a, CodeFormat format, bool doubles)
    {
        var integer = (IntegerFormat)format;
        return integer.Order switch
        {
            SumOrder.SumFirst => a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(
                IntegerProducts.SumFirst<T>
            ),
            SumOrder.ScaleFirst => a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(
                IntegerProducts.ScaleFirst<T>
            ),
            SumOrder.ScaleLast => a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(
                IntegerProducts.ScaleLast<T>
            ),
            SumOrder.OneSum => OneSum(a, integer.OutputScale),
            _ => a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(IntegerProducts.Lanes<T>),
        };
    }

    public override Product? Hardware(Accelerator a, CodeFormat format, long limit) =>
        format.HasIntegerCodes
            ? a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>>(FabricProducts.Integer<T>)
            : null;

    private static Product OneSum(Accelerator a, float finish)
    {
        var kernel = a.LoadAutoGroupedStreamKernel<Index1D, DeviceMatrix, DeviceVectors, ArrayView<float>, float>(
            IntegerProducts.OneSum<T>
        );
        return (count, w, x, y) => kernel(count, w, x, y, finish);
    }
}
