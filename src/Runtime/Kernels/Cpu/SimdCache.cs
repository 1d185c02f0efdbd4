using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>
/// Keys and values at their stored precision, kept as floats: keys as [layer][block of 16 positions][element][position], so that sixteen
/// scores are summed side by side; values as [layer][position][element].
/// </summary>
internal sealed unsafe class SimdCache : IKernelCache
{
    /// <summary>Positions per block of keys.</summary>
    public const int Block = 16;

    private ZeroedMemory keys;
    private ZeroedMemory values;

    public SimdCache(int layers, int keyWidth, int valueWidth, int kvHeads, int capacity)
    {
        KeyWidth = keyWidth;
        ValueWidth = valueWidth;
        KvHeads = kvHeads;
        Capacity = (capacity + Block - 1) / Block * Block;
        Layers = layers;
        keys = new ZeroedMemory((nuint)layers * (nuint)Capacity * (nuint)keyWidth);
        values = new ZeroedMemory((nuint)layers * (nuint)Capacity * (nuint)valueWidth);
    }

    public int Capacity { get; }

    public int Layers { get; }

    public int KeyWidth { get; }

    public int ValueWidth { get; }

    /// <summary>Heads, each with a scale where elements are integers.</summary>
    public int KvHeads { get; }

    /// <summary>First key block of a layer.</summary>
    public float* Keys(int layer) => keys.Start + ((nint)layer * Capacity * KeyWidth);

    /// <summary>First value of a layer.</summary>
    public float* Values(int layer) => values.Start + ((nint)layer * Capacity * ValueWidth);

    /// <summary>Stores one position.</summary>
    public void Store(int layer, int position, float* k, float* v)
    {
        var at = Keys(layer) + ((nint)(position / Block) * KeyWidth * Block) + (position % Block);
        for (var i = 0; i < KeyWidth; i++)
            at[(nint)i * Block] = k[i];
        new ReadOnlySpan<float>(v, ValueWidth).CopyTo(new Span<float>(Values(layer) + ((nint)position * ValueWidth), ValueWidth));
    }

    public void Dispose()
    {
        keys.Free();
        values.Free();
        keys = values = default;
    }
}
