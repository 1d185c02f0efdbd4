using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>An accelerator with the kernels compiled for it so far. Not for use from two threads at once.</summary>
public sealed class IlgpuDevice : IDisposable
{
    /// <summary>Threads that one group of an in-order kernel can still feed.</summary>
    private const int LargestGroup = 256;

    private readonly Context owner;
    private readonly Dictionary<string, Delegate> kernels = new(StringComparer.Ordinal);

    private IlgpuDevice(Context context, Accelerator accelerator, bool useDoubles)
    {
        owner = context;
        Accelerator = accelerator;
        HasDoubles = useDoubles && accelerator.Capabilities is not CLCapabilityContext { Float64: false };
    }

    /// <summary>Name that the driver gives it.</summary>
    public string Name => Accelerator.Name;

    /// <summary>Whether sums that the reference forms in double are in double on this device.</summary>
    public bool HasDoubles { get; }

    /// <summary>Whether each float operation rounds as IEEE 754 says and none are fused: true of the CPU accelerator, and of CUDA by
    /// <see cref="PtxArithmetic"/>.</summary>
    public bool IsExact => Accelerator.AcceleratorType is AcceleratorType.CPU or AcceleratorType.Cuda;

    internal Accelerator Accelerator { get; }

    /// <summary>ILGPU's CPU accelerator, one thread of this machine per thread of the device; for checks, as it is far slower than
    /// <see cref="Select.SimdKernels"/>.</summary>
    /// <param name="warpSize">Threads per warp, a power of two from 2.</param>
    /// <param name="warps">Warps per group at most, a power of two.</param>
    /// <param name="multiprocessors">Groups at once.</param>
    public static IlgpuDevice OpenCpu(int warpSize, int warps, int multiprocessors) =>
        OpenCpu(warpSize, warps, multiprocessors, useDoubles: true);

    internal static IlgpuDevice OpenCpu(int warpSize, int warps, int multiprocessors, bool useDoubles)
    {
        var context = Context.Create(builder => Prepare(builder.CPU(new CPUDevice(warpSize, warps, multiprocessors))));
        return new IlgpuDevice(context, context.GetCPUDevice(0).CreateCPUAccelerator(context, CPUAcceleratorMode.Parallel), useDoubles);
    }

    /// <summary>The CUDA device with the most memory.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static IlgpuDevice OpenCuda() => Open(AcceleratorType.Cuda);

    /// <summary>The OpenCL device with the most memory.</summary>
    /// <exception cref="InputException">There is none that ILGPU can use.</exception>
    public static IlgpuDevice OpenOpenCl() => Open(AcceleratorType.OpenCL);

    /// <summary>Names of the usable devices of a kind; empty with the reason when there are none.</summary>
    internal static (IReadOnlyList<string> Names, string? Reason) Find(AcceleratorType type)
    {
        try
        {
            using var context = CreateContext(type);
            var names = context.Devices.Where(d => d.AcceleratorType == type).Select(d => d.Name).ToArray();
            return (names, names.Length > 0 ? null : NoDevice(type));
        }
        catch (Exception e) when (IsDriverFault(e))
        {
            return ([], $"{NoDevice(type)} ({e.Message})");
        }
    }

    /// <summary>A group for <paramref name="work"/> items: whole warps, within what the device allows.</summary>
    internal int GroupSize(int work)
    {
        var warp = Accelerator.WarpSize;
        var most = Math.Max(warp, Math.Min(LargestGroup, Accelerator.MaxNumThreadsPerGroup) / warp * warp);
        return Math.Clamp((work + warp - 1) / warp * warp, warp, most);
    }

    /// <summary>A kernel, compiled on first use.</summary>
    internal TKernel Kernel<TKernel>(string name, Func<Accelerator, TKernel> load)
        where TKernel : Delegate
    {
        if (kernels.TryGetValue(name, out var known))
            return (TKernel)known;
        var kernel = load(Accelerator);
        kernels.Add(name, kernel);
        return kernel;
    }

    /// <summary>Device memory, zeroed.</summary>
    /// <exception cref="InputException">The device has not that much left.</exception>
    internal MemoryBuffer1D<T, Stride1D.Dense> Allocate<T>(long count)
        where T : unmanaged
    {
        try
        {
            var buffer = Accelerator.Allocate1D<T>(Math.Max(1, count));
            buffer.MemSetToZero();
            return buffer;
        }
        catch (AcceleratorException e)
        {
            throw new InputException(
                $"{Name}: {count * Interop.SizeOf<T>() >> 20} MiB more do not fit its memory of {Accelerator.MemorySize >> 20} MiB; "
                    + "use --backend simd",
                e
            );
        }
    }

    /// <summary>Frees the accelerator; what was allocated on it must be gone before.</summary>
    public void Dispose()
    {
        Accelerator.Dispose();
        owner.Dispose();
    }

    private static IlgpuDevice Open(AcceleratorType type)
    {
        Context? context = null;
        try
        {
            context = CreateContext(type);
            var device = context.Devices.Where(d => d.AcceleratorType == type).MaxBy(d => d.MemorySize)
                ?? throw new InputException(NoDevice(type));
            return new IlgpuDevice(context, device.CreateAccelerator(context), useDoubles: true);
        }
        catch (Exception e) when (IsDriverFault(e) || e is InputException)
        {
            context?.Dispose();
            throw e as InputException ?? new InputException($"{NoDevice(type)}: {e.Message}", e);
        }
    }

    private static Context CreateContext(AcceleratorType type) =>
        Context.Create(builder =>
        {
            if (type == AcceleratorType.Cuda)
                builder.Cuda();
            else
                builder.OpenCL();
            Prepare(builder);
        });

    /// <summary>What every context has, whatever its device.</summary>
    internal static void Prepare(Context.Builder builder)
    {
        builder.EnableAlgorithms().Optimize(OptimizationLevel.O2);
        PtxArithmetic.Register(builder);
    }

    private static string NoDevice(AcceleratorType type) =>
        type == AcceleratorType.Cuda
            ? "no CUDA device and driver on this machine"
            : "no OpenCL device with a generic address space (OpenCL C 2.0, or 3.0 with that feature) on this machine";

    /// <summary>What a missing or broken driver library throws.</summary>
    private static bool IsDriverFault(Exception e) =>
        e
            is AcceleratorException
                or DllNotFoundException
                or EntryPointNotFoundException
                or NotSupportedException
                or TypeInitializationException;
}
