using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Floats in device memory.</summary>
internal sealed class IlgpuBuffer : IKernelBuffer
{
    private readonly MemoryBuffer1D<float, Stride1D.Dense> memory;

    public IlgpuBuffer(IlgpuDevice device, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count;
        memory = device.Allocate<float>(count);
    }

    public int Count { get; }

    /// <summary>The floats as kernels see them.</summary>
    public ArrayView<float> View => memory.View;

    public void Write(ReadOnlySpan<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values.Length, Count);
        if (!values.IsEmpty)
            View.SubView(0, values.Length)
                .CopyFromCPU(memory.Accelerator.DefaultStream, ref Unsafe.AsRef(in MemoryMarshal.GetReference(values)), values.Length);
    }

    public void Read(int from, Span<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from + (long)values.Length, Count, nameof(values));
        if (!values.IsEmpty)
            View.SubView(from, values.Length)
                .CopyToCPU(memory.Accelerator.DefaultStream, ref MemoryMarshal.GetReference(values), values.Length);
    }

    public void Dispose() => memory.Dispose();
}
