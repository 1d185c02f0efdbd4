using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Cpu;
using TaalasSim.Runtime.Kernels.Gpu;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Runtime.Tests.Kernels;

/// <summary>A backend that the kernel cases run on. Devices are opened once per test run.</summary>
public sealed record TestBackend
{
    private static readonly Dictionary<string, IlgpuDevice> Devices = new(StringComparer.Ordinal);

    private readonly Func<Numerics, HardwareNumerics?, IKernelSet> make;

    private TestBackend(string name, Func<Numerics, HardwareNumerics?, IKernelSet> make)
    {
        Name = name;
        this.make = make;
    }

    public string Name { get; }

    /// <summary>The instruction sets of this machine, the CPU accelerator and the GPUs.</summary>
    public static IEnumerable<TestBackend> All => SimdBackends.Concat(CpuAccelerator).Concat(Gpus);

    /// <summary>The smallest CPU accelerator, and the GPUs.</summary>
    public static IEnumerable<TestBackend> OnIlgpu => CpuAccelerator.Concat(Gpus);

    /// <summary>The CPU accelerator in several shapes, once without binary64, and the GPUs.</summary>
    public static IEnumerable<TestBackend> AllShapes => CpuAccelerator.Concat(Shapes).Concat(Gpus);

    private static IEnumerable<TestBackend> SimdBackends =>
        SimdLevels.Available.Select(level => new TestBackend($"simd {level}", (numerics, hardware) =>
            new SimdKernels(numerics, hardware, 1, level)
        ));

    private static IEnumerable<TestBackend> CpuAccelerator => [Cpu(2, 1, 1)];

    private static IEnumerable<TestBackend> Shapes => [Cpu(4, 1, 2), Cpu(2, 4, 1), Cpu(2, 1, 1, useDoubles: false)];

    /// <summary>GPU backends that this machine has; <see cref="KernelBackendsTests"/> names the missing ones.</summary>
    private static IEnumerable<TestBackend> Gpus =>
        new[]
        {
            new TestBackend(KernelBackends.IlgpuOpenCl, (numerics, hardware) =>
                Shared(KernelBackends.IlgpuOpenCl, IlgpuDevice.OpenOpenCl, numerics, hardware)
            ),
            new TestBackend(KernelBackends.IlgpuCuda, (numerics, hardware) =>
                Shared(KernelBackends.IlgpuCuda, IlgpuDevice.OpenCuda, numerics, hardware)
            ),
        }.Where(gpu => KernelBackends.List().Any(b => b.Name == gpu.Name && b.IsAvailable));

    /// <summary>The CPU accelerator in that shape.</summary>
    public static TestBackend Cpu(int warpSize, int warps, int multiprocessors, bool useDoubles = true)
    {
        var name = $"ilgpu-cpu {warpSize}x{warps}x{multiprocessors}{(useDoubles ? "" : " no double")}";
        return new TestBackend(name, (numerics, hardware) =>
            Shared(name, () => IlgpuDevice.OpenCpu(warpSize, warps, multiprocessors, useDoubles), numerics, hardware)
        );
    }

    public IKernelSet Create(Numerics numerics, HardwareNumerics? hardware) => make(numerics, hardware);

    public override string ToString() => Name;

    private static IlgpuKernels Shared(string name, Func<IlgpuDevice> open, Numerics numerics, HardwareNumerics? hardware) =>
        new(Device(name, open), ownsDevice: false, numerics, hardware);

    private static IlgpuDevice Device(string name, Func<IlgpuDevice> open)
    {
        lock (Devices)
        {
            if (!Devices.TryGetValue(name, out var device))
                Devices.Add(name, device = open());
            return device;
        }
    }
}
