using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Functional;

/// <summary>Tokens of one user that were evaluated, with their keys and values.</summary>
public sealed class Sequence : IDisposable
{
    internal Sequence(IReadOnlyList<IKernelCache> caches, int capacity, RecurrentState? state = null)
    {
        State = state;
        Caches = caches;
        Capacity = capacity;
    }

    /// <summary>Tokens evaluated so far.</summary>
    public int Length { get; internal set; }

    /// <summary>Most tokens.</summary>
    public int Capacity { get; }

    /// <summary>Keys and values as <see cref="KvLayout"/> deals them out; none for a diffusion model.</summary>
    internal IReadOnlyList<IKernelCache> Caches { get; }

    /// <summary>What layers with a state keep; null for a model without such layers.</summary>
    internal RecurrentState? State { get; }

    /// <summary>Whether the model keeps a state, which an interrupted pass leaves between two tokens.</summary>
    public bool IsRecurrent => State is not null;

    /// <summary>Whether the tokens from a position on can be forgotten: a state only knows its present and its beginning.</summary>
    public bool CanTrim(int position) => State is null || position == Length || position == 0;

    /// <summary>Keys and values of the blocks of a diffusion model; null until a block is evaluated.</summary>
    internal BlockCache? Blocks { get; set; }

    /// <summary>Forgets the tokens from <paramref name="position"/> on.</summary>
    /// <exception cref="InvalidOperationException">The model keeps a state, which is not known for that position.</exception>
    public void Trim(int position)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)position, (uint)Length, nameof(position));
        if (!CanTrim(position))
            throw new InvalidOperationException($"the state of the layers at token {position} of {Length} is not known any more");
        if (position == 0)
            State?.Clear();
        Length = position;
    }

    /// <summary>Frees keys and values.</summary>
    public void Dispose()
    {
        foreach (var cache in Caches)
            cache.Dispose();
        Blocks?.Dispose();
    }
}
