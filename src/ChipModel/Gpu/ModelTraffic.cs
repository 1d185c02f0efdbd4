using TaalasSim.ChipModel.Chip;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>Weights, operations and key/value bytes of a model: the counts that a GPU step is made of.</summary>
public sealed class ModelTraffic
{
    // Normalise queries and keys in every layer: two more small kernels.
    private static readonly string[] QueryKeyNorm = ["qwen3", "qwen3moe", "qwen3vl", "gemma3", "olmo2", "olmoe", "exaone4"];

    private readonly ModelShape _shape;
    private readonly double _expert;
    private readonly LayerSums _layers;
    private readonly LayerSums _kvHeld;
    private readonly LayerSums _kvRead;
    private readonly LayerSums _multiplyAdds;

    /// <summary>Counts a shape.</summary>
    public ModelTraffic(ModelShape shape)
    {
        _shape = shape;
        var d = (double)shape.EmbeddingLength;
        var matrices = shape.Gated ? 3 : 2;
        _expert = matrices * d * shape.ExpertFeedForwardLength;
        int[] attention = [.. Enumerable.Range(0, shape.Layers).Where(shape.HasAttention)];
        LayerSums Sums(Func<int, double> of) =>
            new(attention.Where(layer => !shape.IsWindowed(layer)).Sum(of), attention.Where(shape.IsWindowed).Sum(of), shape.SlidingWindow);
        _layers = Sums(_ => 1);
        _kvHeld = Sums(layer => shape.KvElementsOf(layer));
        _kvRead = Sums(layer => shape.KvElementsOf(shape.KvSource(layer)));
        _multiplyAdds = Sums(layer => (double)shape.Heads * (shape.HeadSizeOf(layer) + shape.ValueHeadSizeOf(layer)));
        var mixtureLayers = shape.MixtureLayers;
        Fixed =
            attention.Sum(layer => AttentionWeights(shape, layer))
            + (shape.RecurrentLayerCount * d * (StateInputs(shape) + StateOutputs(shape)))
            + DenseWidths(shape).Sum(width => matrices * d * width)
            + (3 * d * shape.Layers * shape.LayerEmbeddingLength)
            + shape.StreamWeights
            + (mixtureLayers * ((matrices * d * shape.SharedExpertFeedForwardLength) + (d * shape.Experts)));
        Output = d * shape.VocabularySize;
        if (shape.Patches is { } patches)
        {
            Fixed += d * ((2 * patches.InputElements) + d);
            Output = 2 * d * (d + HeadFigures(patches).Sum());
        }

        MixtureLayers = mixtureLayers;
    }

    private static double AttentionWeights(ModelShape shape, int layer)
    {
        var d = (double)shape.EmbeddingLength;
        if (shape.KvLatentRank > 0)
        {
            var nope = shape.HeadSize - shape.RopeHeadSize;
            var query =
                shape.QueryLatentRank > 0
                    ? (d * shape.QueryLatentRank) + ((double)shape.QueryLatentRank * shape.Heads * shape.HeadSize)
                    : d * shape.Heads * shape.HeadSize;
            return query
                + (d * (shape.KvLatentRank + shape.RopeHeadSize))
                + ((double)shape.KvLatentRank * shape.Heads * (nope + shape.EffectiveValueHeadSize))
                + ((double)shape.Heads * shape.EffectiveValueHeadSize * d);
        }

        var queries = (double)shape.Heads * shape.HeadSizeOf(layer) * (shape.GatedAttention ? 2 : 1);
        return d * (queries + KeyColumns(shape, layer) + ((double)shape.Heads * shape.ValueHeadSizeOf(layer)));
    }

    // Columns of keys and values: none where an earlier layer's are read, once where keys are values.
    private static double KeyColumns(ModelShape shape, int layer) =>
        shape.KvSource(layer) != layer ? 0
        : shape.KeysAreValues && !shape.IsWindowed(layer) ? (double)shape.KvHeadsOf(layer) * shape.HeadSizeOf(layer)
        : shape.KvElementsOf(layer);

    private static IEnumerable<int> DenseWidths(ModelShape shape) =>
        Enumerable
            .Range(0, shape.Layers)
            .Where(layer => shape.HasFeedForward(layer) && !shape.IsMixture(layer))
            .Select(shape.FeedForwardLengthOf);

    /// <summary>Weights of one routed expert.</summary>
    public double ExpertWeights => _expert;

    /// <summary>Bytes of all weights in memory.</summary>
    public double ResidentBytes(WeightFormat format) =>
        (
            (Fixed * FixedBits(format))
            + (MixtureLayers * (double)_shape.Experts * _expert * format.BitsPerWeight)
            + ((Resident - Fixed - (MixtureLayers * (double)_shape.Experts * _expert)) * format.OutputBitsPerWeight)
        ) / 8;

    /// <summary>Matrix products of a step on one of <paramref name="cards"/> cards that share each matrix; routed experts are not among
    /// them.</summary>
    public IReadOnlyList<GpuMatrix> Matrices(int cards, WeightFormat format)
    {
        var (d, layers, bits) = ((double)_shape.EmbeddingLength, (double)_shape.AttentionLayerCount, FixedBits(format));
        var list = new List<GpuMatrix>();
        void Add(string name, double columns, double depth, double count, double width, bool output = false)
        {
            if (columns > 0 && depth > 0 && count > 0)
                list.Add(new GpuMatrix(name, columns, depth, count, width, output));
        }

        void FeedForward(string name, double width, double count)
        {
            Add(name + " up", (_shape.Gated ? 2 : 1) * width / cards, d, count, bits);
            Add(name + " down", d, width / cards, count, bits);
        }

        if (_shape.KvLatentRank > 0)
            Latent(Add, cards, d, layers, bits);
        else
            Attention(Add, cards, d, bits);
        Add("state input", StateInputs(_shape) / cards, d, _shape.RecurrentLayerCount, bits);
        Add("state output", d, StateOutputs(_shape) / cards, _shape.RecurrentLayerCount, bits);
        foreach (var width in DenseWidths(_shape).GroupBy(width => width))
            FeedForward("feed-forward", width.Key, width.Count());
        double own = (double)_shape.LayerEmbeddingLength / cards,
            all = _shape.Layers;
        var copies = Math.Max(0, _shape.ResidualStreams - 1);
        Add("streams", d / cards, d, 2 * copies, bits);
        Add("stream router", copies > 0 ? copies + 1 : 0, d, all, 16);
        Add("low rank", (double)_shape.LowRank / cards, d, all, bits);
        Add("low rank output", d, (double)_shape.LowRank / cards, all, bits);
        Add("layer inputs", own * all, d, 1, bits);
        Add("layer input gate", own, d, all, bits);
        Add("layer input output", d, own, all, bits);
        FeedForward("shared expert", _shape.SharedExpertFeedForwardLength, MixtureLayers);
        Add("router", _shape.Experts, d, MixtureLayers, 16);
        if (_shape.Patches is { } patches)
        {
            // The first and the second matrix of a residual block; the one beside them has the input of the first.
            Add("patch hidden and skip", 2 * d / cards, patches.InputElements, 1, bits);
            Add("patch", d / cards, d, 1, bits);
            foreach (var figures in HeadFigures(patches))
            {
                Add("head hidden and skip", (d + figures) / cards, d, 1, format.OutputBitsPerWeight, output: true);
                Add("head", figures / cards, d, 1, format.OutputBitsPerWeight, output: true);
            }

            return list;
        }

        Add("output", (double)_shape.VocabularySize / cards, d, 1, format.OutputBitsPerWeight, output: true);
        return list;
    }

    private void Latent(Action<string, double, double, double, double, bool> add, int cards, double d, double layers, double bits)
    {
        var heads = (double)_shape.Heads / cards;
        if (_shape.QueryLatentRank > 0)
            add("query down", _shape.QueryLatentRank, d, layers, bits, false);
        add("query", heads * _shape.HeadSize, _shape.QueryLatentRank > 0 ? _shape.QueryLatentRank : d, layers, bits, false);
        add("key/value down", _shape.KvLatentRank + _shape.RopeHeadSize, d, layers, bits, false);
        add(
            "key/value up",
            heads * (_shape.HeadSize - _shape.RopeHeadSize + _shape.EffectiveValueHeadSize),
            _shape.KvLatentRank,
            layers,
            bits,
            false
        );
        add("attention output", d, heads * _shape.EffectiveValueHeadSize, layers, bits, false);
    }

    // Layers with the same sizes are counted together.
    private void Attention(Action<string, double, double, double, double, bool> add, int cards, double d, double bits)
    {
        var heads = (double)_shape.Heads / cards;
        foreach (
            var alike in Enumerable
                .Range(0, _shape.Layers)
                .Where(_shape.HasAttention)
                .GroupBy(layer =>
                    (KeyColumns(_shape, layer), _shape.KvHeadsOf(layer), _shape.HeadSizeOf(layer), _shape.ValueHeadSizeOf(layer))
                )
        )
        {
            var (keys, kvHeads, size, valueSize) = alike.Key;
            var shared = keys == 0 ? 0 : Math.Max(1, (double)kvHeads / cards) * (keys / kvHeads);
            add("query, key, value", (heads * size * (_shape.GatedAttention ? 2 : 1)) + shared, d, alike.Count(), bits, false);
            add("attention output", d, heads * valueSize, alike.Count(), bits, false);
        }
    }

    // Outputs of the heads for points and for quantiles far ahead.
    private static double[] HeadFigures(PatchShape patches) =>
        [(double)patches.OutputPoints * patches.FiguresPerPoint, (double)patches.QuantilePoints * patches.FiguresPerPoint];

    // A short convolution has three parts of the width in front of it and one behind.
    private static double StateInputs(ModelShape shape) => shape.Recurrence?.InputWidth ?? 3.0 * shape.EmbeddingLength;

    private static double StateOutputs(ModelShape shape) => shape.Recurrence?.InnerLength ?? shape.EmbeddingLength;

    // The four-bit recipe of released mixture models leaves attention at 16 bits.
    private double FixedBits(WeightFormat format) => format.ExpertsOnly && MixtureLayers > 0 ? 16 : format.BitsPerWeight;

    /// <summary>Weights of the layers that every token multiplies: attention, dense feed-forward, shared experts, routers.</summary>
    public double Fixed { get; }

    /// <summary>Weights of the output matrix, or of the heads of a model of patches.</summary>
    public double Output { get; }

    /// <summary>Layers with routed experts.</summary>
    public int MixtureLayers { get; }

    /// <summary>Weights of the layers that one token multiplies.</summary>
    public double ActiveInLayers => Fixed + (MixtureLayers * _shape.ExpertsUsed * _expert);

    /// <summary>All weights in memory; the embedding counts again when it is a separate matrix.</summary>
    public double Resident =>
        Fixed
        + (MixtureLayers * (double)_shape.Experts * _expert)
        + (_shape.TiedEmbeddings || _shape.Patches is not null ? Output : 2 * Output)
        + _shape.LayerEmbeddingWeights;

    /// <summary>Whether the model normalises queries and keys in every layer.</summary>
    public bool NormalisesQueries => _shape.QkNorm || QueryKeyNorm.Contains(_shape.Architecture, StringComparer.Ordinal);

    /// <summary>Whether several query heads share one key/value head.</summary>
    public bool GroupsQueries => _shape.KvHeads < _shape.Heads;

    /// <summary>
    /// Expert weights read in one step by <paramref name="tokens"/> tokens that each choose <c>k</c> of <c>E</c> experts independently:
    /// <c>E (1 − (1 − k/E)^tokens)</c> experts per layer.
    /// </summary>
    public double ExpertsTouched(double tokens)
    {
        if (MixtureLayers == 0)
            return 0;
        var missed = Math.Pow(1 - ((double)_shape.ExpertsUsed / _shape.Experts), tokens);
        return MixtureLayers * _expert * _shape.Experts * (1 - missed);
    }

    /// <summary>Key/value elements that lie in memory for a context, all layers, and the state of those without attention.</summary>
    public double KvElements(double context) => _kvHeld.At(context) + _shape.StateElements;

    /// <summary>Key/value elements that one token reads, and the state. Layers without keys of their own read those of others.</summary>
    public double KvElementsRead(double context) => _kvRead.At(context) + _shape.StateElements;

    /// <summary>Attention multiply-adds of one token that sees <paramref name="context"/> tokens, all layers.</summary>
    public double AttentionMultiplyAdds(double context) => _multiplyAdds.At(context);

    /// <summary>Key/value elements of one token in one layer, for the split over cards.</summary>
    public double KvShare(int cards) => _shape.KvLatentRank > 0 ? 1 : Math.Max(1.0 / _shape.KvHeads, 1.0 / cards);

    /// <summary>Sum over the layers of the context each layer sees: windowed layers see at most the window.</summary>
    public double LayerContexts(double context) => _layers.At(context);

    // A sum over layers that see everything, and over windowed ones, of what each has for a position.
    private readonly record struct LayerSums(double Full, double Windowed, double Window)
    {
        public double At(double context) => Windowed == 0 ? Full * context : (Full * context) + (Windowed * Math.Min(context, Window));
    }
}
