using System.Runtime.InteropServices;

namespace TaalasSim.Runtime.Kernels.Simd;

/// <summary>
/// Keys and values at their stored precision, kept as floats: keys as [layer][block of 16 positions][element][position], so that sixteen scores are summed side
/// by side; values as [layer][position][element].
/// </summary>
internal sealed unsafe class SimdCache : IKernelCache
{
    /// <summary>Positions per block of keys.</summary>
    public const int Block = 16;

    private float* keys;
    private float* values;

    public SimdCache(int layers, int keyWidth, int valueWidth, int capacity)
    {
        KeyWidth = keyWidth;
        ValueWidth = valueWidth;
        Capacity = (capacity + Block - 1) / Block * Block;
        Layers = layers;
        keys = Allocate((nuint)layers * (nuint)Capacity * (nuint)keyWidth);
        values = Allocate((nuint)layers * (nuint)Capacity * (nuint)valueWidth);
    }

    public int Capacity { get; }

    public int Layers { get; }

    public int KeyWidth { get; }

    public int ValueWidth { get; }

    /// <summary>First key block of a layer.</summary>
    public float* Keys(int layer) => keys + ((nint)layer * Capacity * KeyWidth);

    /// <summary>First value of a layer.</summary>
    public float* Values(int layer) => values + ((nint)layer * Capacity * ValueWidth);

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
        NativeMemory.AlignedFree(keys);
        NativeMemory.AlignedFree(values);
        keys = values = null;
    }

    /// <summary>Zeroed, with room behind the end for a whole vector.</summary>
    private static float* Allocate(nuint count)
    {
        var bytes = ((count * sizeof(float)) + 128) & ~(nuint)63;
        var memory = (float*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(memory, bytes);
        return memory;
    }
}
