using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Functional;

/// <summary>Tokens of one user that were evaluated, with their keys and values.</summary>
public sealed class Sequence : IDisposable
{
    internal Sequence(IKernelCache? cache, int capacity)
    {
        Cache = cache;
        Capacity = capacity;
    }

    /// <summary>Tokens evaluated so far.</summary>
    public int Length { get; internal set; }

    /// <summary>Most tokens.</summary>
    public int Capacity { get; }

    internal IKernelCache? Cache { get; }

    /// <summary>Keys and values of the blocks of a diffusion model; null until a block is evaluated.</summary>
    internal BlockCache? Blocks { get; set; }

    /// <summary>Forgets the tokens from <paramref name="position"/> on.</summary>
    public void Trim(int position)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)position, (uint)Length, nameof(position));
        Length = position;
    }

    /// <summary>Frees keys and values.</summary>
    public void Dispose()
    {
        Cache?.Dispose();
        Blocks?.Dispose();
    }
}
