using ILGPU;
using ILGPU.Runtime;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Quantises the input vectors of a product on the device.</summary>
internal sealed class IlgpuActivations(IlgpuDevice device, HardwareNumerics? hardware) : IDisposable
{
    /// <summary>Blocks of 32 that a group quantises.</summary>
    private const int BlocksPerGroup = 4;

    private readonly GrowingBuffer<uint> codes = new(device);
    private readonly GrowingBuffer<float> scales = new(device);
    private readonly GrowingBuffer<float> products = new(device);
    private readonly GrowingBuffer<int> sums = new(device);
    private readonly GrowingBuffer<int> wide = new(device);
    private readonly GrowingBuffer<float> values = new(device);

    /// <summary>Quantises <paramref name="rows"/> rows of x.</summary>
    public DeviceVectors Quantize(ActivationKind kind, ArrayView<float> x, int inputs, int rows)
    {
        var count = checked(inputs * rows);
        var to = new DeviceVectors
        {
            Inputs = inputs,
            Codes = codes.Take(kind is ActivationKind.Q8_0 or ActivationKind.Q8_1 or ActivationKind.Q8_K ? count / 4 : 1),
            Scales = scales.Take(kind == ActivationKind.Vector ? rows : count / 32),
            Products = products.Take(kind is ActivationKind.Q8_0 or ActivationKind.Q8_1 ? count / 32 : 1),
            Sums = sums.Take(kind == ActivationKind.Q8_K ? count / 16 : 1),
            Wide = wide.Take(kind == ActivationKind.Vector ? count : 1),
            Values = kind == ActivationKind.F32 ? x : values.Take(kind is ActivationKind.F16 or ActivationKind.Bf16 ? count : 1),
        };
        switch (kind)
        {
            case ActivationKind.Q8_0 or ActivationKind.Q8_1:
                device.Kernel("quantise 32", static a => a.LoadStreamKernel<ArrayView<float>, DeviceVectors, int, int>(Quantizers.Block32))(
                    Config((count / 32 + BlocksPerGroup - 1) / BlocksPerGroup, 32 * BlocksPerGroup, 64 * BlocksPerGroup),
                    x,
                    to,
                    count / 32,
                    BlocksPerGroup
                );
                break;
            case ActivationKind.Q8_K:
                device.Kernel("quantise 256", static a => a.LoadStreamKernel<ArrayView<float>, DeviceVectors>(Quantizers.Block256))(
                    Config(count / 256, 256, 16 + 256),
                    x,
                    to
                );
                break;
            case ActivationKind.F16:
                device.Kernel("round f16", static a =>
                    a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, DeviceVectors>(Quantizers.Half)
                )(count, x, to);
                break;
            case ActivationKind.Bf16:
                device.Kernel("round bf16", static a =>
                    a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, DeviceVectors>(Quantizers.Brain)
                )(count, x, to);
                break;
            case ActivationKind.Vector:
                device.Kernel("vector scale", static a => a.LoadStreamKernel<ArrayView<float>, DeviceVectors, int>(Quantizers.VectorScale))(
                    Config(rows, inputs, device.GroupSize(inputs)),
                    x,
                    to,
                    hardware!.ActivationLimit
                );
                device.Kernel("vector codes", static a =>
                    a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, DeviceVectors, int>(Quantizers.VectorCodes)
                )(count, x, to, hardware.ActivationLimit);
                break;
            default:
                break;
        }

        return to;
    }

    /// <summary>Groups of threads with a word of shared memory each.</summary>
    private KernelConfig Config(int groups, int work, int words) =>
        new(groups, device.GroupSize(work), SharedMemoryConfig.RequestDynamic<int>(words));

    public void Dispose()
    {
        codes.Dispose();
        scales.Dispose();
        products.Dispose();
        sums.Dispose();
        wide.Dispose();
        values.Dispose();
    }
}
