using ILGPU;
using ILGPU.Runtime;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Scratch memory that grows on demand and is used again.</summary>
internal sealed class GrowingBuffer<T>(IlgpuDevice device) : IDisposable
    where T : unmanaged
{
    private MemoryBuffer1D<T, Stride1D.Dense> memory = device.Allocate<T>(1);

    /// <summary>At least <paramref name="count"/> elements; earlier contents are lost when it grows.</summary>
    public ArrayView<T> Take(long count)
    {
        if (memory.Length < count)
        {
            device.Accelerator.DefaultStream.Synchronize();
            memory.Dispose();
            memory = device.Allocate<T>(count);
        }

        return memory.View;
    }

    public void Dispose() => memory.Dispose();
}
