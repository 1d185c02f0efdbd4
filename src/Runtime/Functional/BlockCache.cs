using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Functional;

/// <summary>
/// Keys and values of a diffusion model that decodes block by block, in float: those of finished blocks, and behind them those of the block
/// in work, which its next step overwrites.
/// </summary>
internal sealed class BlockCache : IDisposable
{
    private readonly IKernelBuffer[] _keys;
    private readonly IKernelBuffer[] _values;
    private readonly int _keyWidth;
    private readonly int _valueWidth;
    private int[] _from = [];
    private int[] _to = [];

    /// <summary>Makes room for <paramref name="capacity"/> positions.</summary>
    public BlockCache(IKernelSet kernels, int layers, int keyWidth, int valueWidth, int capacity)
    {
        (_keyWidth, _valueWidth) = (keyWidth, valueWidth);
        _keys = [.. Enumerable.Range(0, layers).Select(_ => kernels.Allocate(checked(capacity * keyWidth)))];
        _values = [.. Enumerable.Range(0, layers).Select(_ => kernels.Allocate(checked(capacity * valueWidth)))];
    }

    /// <summary>Keys of a layer, [position][KV heads × head size].</summary>
    public IKernelBuffer Keys(int layer) => _keys[layer];

    /// <summary>Values of a layer, [position][KV heads × value head size].</summary>
    public IKernelBuffer Values(int layer) => _values[layer];

    /// <summary>Stores keys and values of <paramref name="rows"/> tokens from <paramref name="position"/> on.</summary>
    public void Store(IKernelSet kernels, int layer, int position, int rows, IKernelBuffer k, IKernelBuffer v)
    {
        if (_from.Length < rows)
            (_from, _to) = ([.. Enumerable.Range(0, rows)], new int[rows]);
        for (var i = 0; i < rows; i++)
            _to[i] = position + i;
        kernels.CopyRows(k, _from.AsSpan(0, rows), _keys[layer], _to.AsSpan(0, rows), _keyWidth);
        kernels.CopyRows(v, _from.AsSpan(0, rows), _values[layer], _to.AsSpan(0, rows), _valueWidth);
    }

    public void Dispose()
    {
        foreach (var buffer in _keys)
            buffer.Dispose();
        foreach (var buffer in _values)
            buffer.Dispose();
    }
}
