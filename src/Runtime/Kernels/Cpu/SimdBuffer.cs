using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Floats in native memory, 64-byte aligned.</summary>
internal sealed unsafe class SimdBuffer : IKernelBuffer
{
    private ZeroedMemory memory;

    public SimdBuffer(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count;
        memory = new ZeroedMemory((nuint)count);
    }

    public int Count { get; }

    public float* Data => memory.Start;

    public Span<float> AsSpan() => new(Data, Count);

    public void Write(ReadOnlySpan<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values.Length, Count);
        values.CopyTo(new Span<float>(Data, Count));
    }

    public void Read(int from, Span<float> values) => new ReadOnlySpan<float>(Data, Count).Slice(from, values.Length).CopyTo(values);

    public void Dispose()
    {
        memory.Free();
        memory = default;
    }
}
