using ILGPU;
using ILGPU.Runtime;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>
/// Keys and values of one context in device memory: keys [layer][element][position], values [layer][position][element]. Binary16, or floats
/// that hold what integer KV bits can hold.
/// </summary>
internal sealed class IlgpuCache(IlgpuDevice device, int layers, int keyWidth, int valueWidth, int kvHeads, int capacity, bool half)
    : IKernelCache
{
    private readonly MemoryBuffer1D<ushort, Stride1D.Dense> halfKeys = device.Allocate<ushort>(
        half ? (long)layers * capacity * keyWidth : 1
    );
    private readonly MemoryBuffer1D<ushort, Stride1D.Dense> halfValues = device.Allocate<ushort>(
        half ? (long)layers * capacity * valueWidth : 1
    );
    private readonly MemoryBuffer1D<float, Stride1D.Dense> keys = device.Allocate<float>(half ? 1 : (long)layers * capacity * keyWidth);
    private readonly MemoryBuffer1D<float, Stride1D.Dense> values = device.Allocate<float>(half ? 1 : (long)layers * capacity * valueWidth);

    public int Capacity { get; } = capacity;

    public int KeyWidth { get; } = keyWidth;

    public int ValueWidth { get; } = valueWidth;

    /// <summary>Heads, each with a scale where elements are integers.</summary>
    public int KvHeads { get; } = kvHeads;

    /// <summary>Whether the elements are binary16.</summary>
    public bool IsHalf { get; } = half;

    public ArrayView<ushort> HalfKeys => halfKeys.View;

    public ArrayView<ushort> HalfValues => halfValues.View;

    public ArrayView<float> Keys => keys.View;

    public ArrayView<float> Values => values.View;

    /// <summary>First key element of a layer.</summary>
    public long KeyStart(int layer) => (long)layer * Capacity * KeyWidth;

    /// <summary>First value element of a layer.</summary>
    public long ValueStart(int layer) => (long)layer * Capacity * ValueWidth;

    public void Dispose()
    {
        halfKeys.Dispose();
        halfValues.Dispose();
        keys.Dispose();
        values.Dispose();
    }
}
