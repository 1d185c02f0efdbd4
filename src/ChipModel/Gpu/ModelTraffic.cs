using TaalasSim.ChipModel.Chip;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>Weights, operations and key/value bytes of a model: the counts that a GPU step is made of.</summary>
public sealed class ModelTraffic
{
    // Normalise queries and keys in every layer: two more small kernels.
    private static readonly string[] QueryKeyNorm = ["qwen3", "qwen3moe", "qwen3vl", "gemma3", "olmo2", "olmoe", "exaone4"];

    private readonly ModelShape _shape;
    private readonly int _denseLayers;
    private readonly double _expert;
    private readonly double _kvPerTokenLayer;

    /// <summary>Counts a shape.</summary>
    public ModelTraffic(ModelShape shape)
    {
        _shape = shape;
        var d = (double)shape.EmbeddingLength;
        var matrices = shape.Gated ? 3 : 2;
        _denseLayers = shape.DenseLayers;
        _expert = matrices * d * shape.ExpertFeedForwardLength;
        double attention;
        if (shape.KvLatentRank > 0)
        {
            var nope = shape.HeadSize - shape.RopeHeadSize;
            var query =
                shape.QueryLatentRank > 0
                    ? (d * shape.QueryLatentRank) + ((double)shape.QueryLatentRank * shape.Heads * shape.HeadSize)
                    : d * shape.Heads * shape.HeadSize;
            attention =
                query
                + (d * (shape.KvLatentRank + shape.RopeHeadSize))
                + ((double)shape.KvLatentRank * shape.Heads * (nope + shape.EffectiveValueHeadSize))
                + ((double)shape.Heads * shape.EffectiveValueHeadSize * d);
            _kvPerTokenLayer = shape.KvLatentRank + shape.RopeHeadSize;
        }
        else
        {
            attention =
                (d * shape.HeadSize * (shape.Heads + shape.KvHeads))
                + (d * shape.EffectiveValueHeadSize * (shape.Heads + shape.KvHeads))
                + (shape.GatedAttention ? d * shape.HeadSize * shape.Heads : 0);
            _kvPerTokenLayer = shape.KvHeads * (shape.HeadSize + shape.EffectiveValueHeadSize);
        }

        var mixtureLayers = shape.MixtureLayers;
        Fixed =
            (shape.AttentionLayerCount * attention)
            + (shape.RecurrentLayerCount * d * (StateInputs(shape) + StateOutputs(shape)))
            + (_denseLayers * matrices * d * shape.FeedForwardLength)
            + (mixtureLayers * ((matrices * d * shape.SharedExpertFeedForwardLength) + (d * shape.Experts)));
        Output = d * shape.VocabularySize;
        if (shape.Patches is { } patches)
        {
            Fixed += d * ((2 * patches.InputElements) + d);
            Output = 2 * d * (d + HeadFigures(patches).Sum());
        }

        MixtureLayers = mixtureLayers;
    }

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

        var heads = (double)_shape.Heads / cards;
        var values = heads * _shape.EffectiveValueHeadSize;
        if (_shape.KvLatentRank > 0)
        {
            if (_shape.QueryLatentRank > 0)
                Add("query down", _shape.QueryLatentRank, d, layers, bits);
            Add("query", heads * _shape.HeadSize, _shape.QueryLatentRank > 0 ? _shape.QueryLatentRank : d, layers, bits);
            Add("key/value down", _shape.KvLatentRank + _shape.RopeHeadSize, d, layers, bits);
            Add(
                "key/value up",
                heads * (_shape.HeadSize - _shape.RopeHeadSize + _shape.EffectiveValueHeadSize),
                _shape.KvLatentRank,
                layers,
                bits
            );
        }
        else
        {
            var shared = Math.Max(1, (double)_shape.KvHeads / cards) * (_shape.HeadSize + _shape.EffectiveValueHeadSize);
            Add("query, key, value", (heads * _shape.HeadSize * (_shape.GatedAttention ? 2 : 1)) + shared, d, layers, bits);
        }

        Add("attention output", d, values, layers, bits);
        Add("state input", StateInputs(_shape) / cards, d, _shape.RecurrentLayerCount, bits);
        Add("state output", d, StateOutputs(_shape) / cards, _shape.RecurrentLayerCount, bits);
        FeedForward("feed-forward", _shape.FeedForwardLength, _denseLayers);
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
        + (_shape.TiedEmbeddings || _shape.Patches is not null ? Output : 2 * Output);

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
    public double KvElements(double context) => (_kvPerTokenLayer * LayerContexts(context)) + _shape.StateElements;

    /// <summary>Attention multiply-adds of one token that sees <paramref name="context"/> tokens, all layers.</summary>
    public double AttentionMultiplyAdds(double context) =>
        (double)_shape.Heads * (_shape.HeadSize + _shape.EffectiveValueHeadSize) * LayerContexts(context);

    /// <summary>Key/value elements of one token in one layer, for the split over cards.</summary>
    public double KvShare(int cards) => _shape.KvLatentRank > 0 ? 1 : Math.Max(1.0 / _shape.KvHeads, 1.0 / cards);

    /// <summary>Sum over the layers of the context each layer sees: windowed layers see at most the window.</summary>
    public double LayerContexts(double context)
    {
        if (_shape.SlidingWindow <= 0 || context <= _shape.SlidingWindow)
            return _shape.AttentionLayerCount * context;
        var global = _shape.SlidingWindowPeriod > 1 ? _shape.AttentionLayerCount / _shape.SlidingWindowPeriod : 0;
        return (global * context) + ((_shape.AttentionLayerCount - global) * (double)_shape.SlidingWindow);
    }
}
