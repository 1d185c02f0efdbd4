using System.Diagnostics;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Bench.Gpu;

/// <summary>Ceilings of a CUDA device, by kernels that do nothing else: read bandwidth and the time of an empty launch.</summary>
public static class GpuCopy
{
    /// <summary>Bytes that are read at a time, far above any cache.</summary>
    private const long Bytes = 4L << 30;

    /// <summary>Bytes per second of a kernel that adds up an array; the best of ten runs.</summary>
    /// <exception cref="InputException">There is no CUDA device.</exception>
    public static double ReadBytesPerSecond()
    {
        using var context = Context.Create(builder => builder.Cuda().Optimize(OptimizationLevel.O2));
        using var accelerator = Open(context);
        var count = Math.Min(Bytes, accelerator.MemorySize / 4) / 16;
        using var source = accelerator.Allocate1D<Vector4>(count);
        source.MemSetToZero();
        int groups = accelerator.NumMultiprocessors * 16,
            threads = 256;
        using var sums = accelerator.Allocate1D<float>(groups * threads);
        var kernel = accelerator.LoadStreamKernel<ArrayView<Vector4>, ArrayView<float>>(Sum);
        var best = Best(accelerator, 10, () => kernel((groups, threads), source.View, sums.View));
        return count * 16 / best;
    }

    /// <summary>Seconds from launch to launch of an empty kernel, and of one launch and its end.</summary>
    /// <exception cref="InputException">There is no CUDA device.</exception>
    public static (double Stream, double Alone) LaunchSeconds()
    {
        const int Launches = 2000;
        using var context = Context.Create(builder => builder.Cuda().Optimize(OptimizationLevel.O2));
        using var accelerator = Open(context);
        using var sums = accelerator.Allocate1D<float>(32);
        var kernel = accelerator.LoadStreamKernel<ArrayView<float>>(Nothing);
        var stream = Best(accelerator, 5, () =>
        {
            for (var i = 0; i < Launches; i++)
                kernel((1, 32), sums.View);
        });
        return (stream / Launches, Best(accelerator, 200, () => kernel((1, 32), sums.View)));
    }

    /// <summary>Adds up four lanes of sixteen bytes at a time, each thread a stride of the whole grid apart.</summary>
    public static void Sum(ArrayView<Vector4> source, ArrayView<float> sums)
    {
        var thread = Grid.GlobalIndex.X;
        long step = GridExtent();
        var sum = 0f;
        for (long i = thread; i < source.Length; i += step)
        {
            var value = source[i];
            sum += value.X + value.Y + value.Z + value.W;
        }

        sums[thread] = sum;
    }

    /// <summary>Does nothing.</summary>
    public static void Nothing(ArrayView<float> sums) { }

    private static int GridExtent() => Grid.DimX * Group.DimX;

    private static Accelerator Open(Context context)
    {
        var devices = context.GetCudaDevices();
        if (devices.Count == 0)
            throw new InputException("no CUDA device and driver on this machine");
        var device = devices[0];
        for (var i = 1; i < devices.Count; i++)
            device = devices[i].MemorySize > device.MemorySize ? devices[i] : device;
        return device.CreateAccelerator(context);
    }

    private static double Best(Accelerator accelerator, int runs, Action action)
    {
        action();
        accelerator.Synchronize();
        var best = double.PositiveInfinity;
        for (var i = 0; i < runs; i++)
        {
            var from = Stopwatch.GetTimestamp();
            action();
            accelerator.Synchronize();
            best = Math.Min(best, Stopwatch.GetElapsedTime(from).TotalSeconds);
        }

        return best;
    }

    /// <summary>Sixteen bytes, so that a thread loads them at once.</summary>
    public readonly record struct Vector4(float X, float Y, float Z, float W);
}
