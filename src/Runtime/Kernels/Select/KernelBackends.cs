using ILGPU.Runtime;
using TaalasSim.ChipModel.Files;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Cpu;
using TaalasSim.Runtime.Kernels.Gpu;

namespace TaalasSim.Runtime.Kernels.Select;

/// <summary>The backends by name.</summary>
public static class KernelBackends
{
    /// <summary>This machine's vector units: the default.</summary>
    public const string Simd = "simd";

    /// <summary>ILGPU's CPU accelerator, for checks.</summary>
    public const string IlgpuCpu = "ilgpu-cpu";

    /// <summary>An OpenCL device.</summary>
    public const string IlgpuOpenCl = "ilgpu-opencl";

    /// <summary>A CUDA device.</summary>
    public const string IlgpuCuda = "ilgpu-cuda";

    /// <summary>The fastest of the others in a short measurement.</summary>
    public const string Auto = "auto";

    /// <summary>Instruction sets of this machine that <see cref="Simd"/> has kernels for, slowest first.</summary>
    public static IReadOnlyList<string> InstructionSets { get; } = [.. SimdLevels.Available.Select(SimdLevels.NameOf)];

    /// <summary>Every backend, with the device or the reason why it is missing. Looks for drivers: some 100 ms.</summary>
    public static IReadOnlyList<BackendInfo> List() =>
        [
            new()
            {
                Name = Simd,
                IsAvailable = true,
                Detail = $"{SimdLevels.NameOf(SimdLevels.Best)} (this machine has {string.Join(", ", InstructionSets)})",
            },
            new()
            {
                Name = IlgpuCpu,
                IsAvailable = true,
                Detail = "ILGPU's CPU accelerator, slow, for checks",
            },
            Device(IlgpuOpenCl, AcceleratorType.OpenCL),
            Device(IlgpuCuda, AcceleratorType.Cuda),
        ];

    /// <summary>Makes the kernels of a backend.</summary>
    /// <param name="name">A name of <see cref="List"/>, or <see cref="Auto"/>.</param>
    /// <param name="numerics">Arithmetic.</param>
    /// <param name="hardware">Widths of the fabric; required with <see cref="Numerics.Hardware"/>.</param>
    /// <param name="threads">Threads of the backends that run on the CPU; at least 1.</param>
    /// <param name="simd">One of <see cref="InstructionSets"/> for <see cref="Simd"/>; null for the fastest.</param>
    /// <exception cref="InputException">No such backend or instruction set, or this machine has no device for it.</exception>
    public static IKernelSet Create(string name, Numerics numerics, HardwareNumerics? hardware, int threads, string? simd = null) =>
        name switch
        {
            Simd => new SimdKernels(numerics, hardware, threads, simd is null ? SimdLevels.Best : SimdLevels.Named(simd)),
            _ when simd is not null => throw new InputException($"--simd {simd}: only --backend simd has instruction sets"),
            IlgpuCpu => OnDevice(IlgpuDevice.OpenCpu(warpSize: 2, warps: 1, multiprocessors: Math.Max(1, threads / 2)), numerics, hardware),
            IlgpuOpenCl or IlgpuCuda => OnDevice(OpenGpu(name), numerics, hardware),
            Auto => Create(BackendProbe.Fastest(Candidates(), threads), numerics, hardware, threads),
            _ => throw new InputException($"unknown backend '{name}'; available: {Available()}"),
        };

    private static IKernelSet OnDevice(IlgpuDevice device, Numerics numerics, HardwareNumerics? hardware)
    {
        try
        {
            return new IlgpuKernels(device, ownsDevice: true, numerics, hardware);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    private static IlgpuDevice OpenGpu(string name)
    {
        try
        {
            return name == IlgpuCuda ? IlgpuDevice.OpenCuda() : IlgpuDevice.OpenOpenCl();
        }
        catch (InputException e)
        {
            throw new InputException($"backend {name}: {e.Message}; available: {Available()}", e);
        }
    }

    /// <summary>Backends worth timing: ILGPU's CPU accelerator is tens of times slower than <see cref="SimdKernels"/> by
    /// construction.</summary>
    private static IReadOnlyList<string> Candidates() => [.. List().Where(b => b.IsAvailable && b.Name != IlgpuCpu).Select(b => b.Name)];

    private static string Available() => string.Join(", ", List().Where(b => b.IsAvailable).Select(b => b.Name).Append(Auto));

    private static BackendInfo Device(string name, AcceleratorType type)
    {
        var (devices, reason) = IlgpuDevice.Find(type);
        return new BackendInfo
        {
            Name = name,
            IsAvailable = devices.Count > 0,
            Detail = reason ?? string.Join(", ", devices),
        };
    }
}
