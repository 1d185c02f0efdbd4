using System.Runtime.InteropServices;

namespace TaalasSim.Runtime.Kernels.Simd;

/// <summary>Floats in native memory, 64-byte aligned.</summary>
internal sealed unsafe class SimdBuffer : IKernelBuffer
{
    public SimdBuffer(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count;
        var bytes = (((nuint)count * sizeof(float)) + 127) & ~(nuint)63;
        Data = (float*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(Data, bytes);
    }

    public int Count { get; }

    public float* Data { get; private set; }

    public void Write(ReadOnlySpan<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values.Length, Count);
        values.CopyTo(new Span<float>(Data, Count));
    }

    public void Read(int from, Span<float> values) => new ReadOnlySpan<float>(Data, Count).Slice(from, values.Length).CopyTo(values);

    public void Dispose()
    {
        NativeMemory.AlignedFree(Data);
        Data = null;
    }
}
