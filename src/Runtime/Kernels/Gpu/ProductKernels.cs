using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Scalar;
using Product = System.Action<
    ILGPU.Index1D,
    TaalasSim.Runtime.Kernels.Gpu.DeviceMatrix,
    TaalasSim.Runtime.Kernels.Gpu.DeviceVectors,
    ILGPU.ArrayView<float>
>;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>The product kernel of each format; compiled on first use.</summary>
internal static class ProductKernels
{
    /// <summary>In the reference's arithmetic.</summary>
    /// <exception cref="InputException">The reference has no product for the format.</exception>
    public static Product Reference(IlgpuDevice device, CodeFormat format)
    {
        ScalarProduct.Check(format);
        return device.Kernel($"reference {format.Name}", _ => Family(format).Reference(device, format));
    }

    /// <summary>In the fabric's arithmetic.</summary>
    /// <exception cref="InputException">The format has neither integer codes nor plain floats.</exception>
    public static Product Hardware(IlgpuDevice device, CodeFormat format, HardwareNumerics hardware) =>
        device.Kernel($"hardware {format.Name} {hardware.AccumulatorBits}", _ =>
            Family(format).Hardware(device, format, (1L << (hardware.AccumulatorBits - 1)) - 1)
            ?? throw Missing(format, "has no product in the fabric's numerics")
        );

    private static DeviceFamily Family(CodeFormat format) => DeviceFamily.Registry.Find(format) ?? throw Missing(format, "has no product");

    private static InputException Missing(CodeFormat format, string what) =>
        new($"{format.Name} {what} on a GPU backend; use --backend simd, --numerics reference or re-quantise with --weights rom4");
}
