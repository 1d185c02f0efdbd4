namespace TaalasSim.Runtime.Kernels.Contract;

/// <summary>Floats on a backend.</summary>
public interface IKernelBuffer : IDisposable
{
    /// <summary>Floats.</summary>
    int Count { get; }

    /// <summary>Copies from the host to the start of the buffer.</summary>
    void Write(ReadOnlySpan<float> values);

    /// <summary>Copies elements [from, from + values.Length) to the host.</summary>
    void Read(int from, Span<float> values);
}
