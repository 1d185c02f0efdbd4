using TaalasSim.Compiler.Graph;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Functional;

/// <summary>Which cache holds the keys and values of each layer: layers whose keys and values have the same sizes share one. Layers without
/// attention have nothing in any, and a layer that reads those of an earlier one has nothing of its own.</summary>
internal sealed class KvLayout
{
    private readonly List<(int KeyWidth, int ValueWidth, int KvHeads)> _sizes = [];
    private readonly List<int> _layers = [];
    private readonly Dictionary<int, (int Cache, int Layer)> _places = [];

    public KvLayout(ModelGraph graph)
    {
        foreach (var op in graph.Operators.OfType<AttentionOperator>().Where(op => op.Source < 0))
        {
            var size = (op.KvHeads * op.HeadSize, op.KvHeads * op.ValueHeadSize, op.KvHeads);
            var cache = _sizes.IndexOf(size);
            if (cache < 0)
            {
                cache = _sizes.Count;
                _sizes.Add(size);
                _layers.Add(0);
            }

            _places.Add(op.Layer, (cache, _layers[cache]++));
        }
    }

    /// <summary>Number of the cache that an operator reads, and of the layer in it.</summary>
    public (int Cache, int Layer) Place(AttentionOperator op) => _places[op.Source < 0 ? op.Layer : op.Source];

    /// <summary>Empty caches for one user.</summary>
    /// <param name="kernels">Backend.</param>
    /// <param name="capacity">Positions.</param>
    public IReadOnlyList<IKernelCache> Allocate(IKernelSet kernels, int capacity) =>
        [.. _sizes.Select((size, i) => kernels.AllocateCache(_layers[i], size.KeyWidth, size.ValueWidth, size.KvHeads, capacity))];
}
