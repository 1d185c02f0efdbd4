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
        _denseLayers = shape.Experts == 0 ? shape.Layers : Math.Min(shape.Layers, shape.LeadingDenseLayers);
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
                (d * shape.HeadSize * (shape.Heads + shape.KvHeads)) + (d * shape.EffectiveValueHeadSize * (shape.Heads + shape.KvHeads));
            _kvPerTokenLayer = shape.KvHeads * (shape.HeadSize + shape.EffectiveValueHeadSize);
        }

        var mixtureLayers = shape.Layers - _denseLayers;
        Fixed =
            (shape.Layers * attention)
            + (_denseLayers * matrices * d * shape.FeedForwardLength)
            + (mixtureLayers * ((matrices * d * shape.SharedExpertFeedForwardLength) + (d * shape.Experts)));
        Output = d * shape.VocabularySize;
        MixtureLayers = mixtureLayers;
    }

    /// <summary>Weights of the layers that every token multiplies: attention, dense feed-forward, shared experts, routers.</summary>
    public double Fixed { get; }

    /// <summary>Weights of the output matrix.</summary>
    public double Output { get; }

    /// <summary>Layers with routed experts.</summary>
    public int MixtureLayers { get; }

    /// <summary>Weights of the layers that one token multiplies.</summary>
    public double ActiveInLayers => Fixed + (MixtureLayers * _shape.ExpertsUsed * _expert);

    /// <summary>All weights in memory; the embedding counts again when it is a separate matrix.</summary>
    public double Resident => Fixed + (MixtureLayers * (double)_shape.Experts * _expert) + (_shape.TiedEmbeddings ? Output : 2 * Output);

    /// <summary>Whether the model normalises queries and keys in every layer.</summary>
    public bool NormalisesQueries => QueryKeyNorm.Contains(_shape.Architecture, StringComparer.Ordinal);

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

    /// <summary>Key/value elements that lie in memory for a context, all layers.</summary>
    public double KvElements(double context) => _kvPerTokenLayer * LayerContexts(context);

    /// <summary>Attention multiply-adds of one token that sees <paramref name="context"/> tokens, all layers.</summary>
    public double AttentionMultiplyAdds(double context) =>
        (double)_shape.Heads * (_shape.HeadSize + _shape.EffectiveValueHeadSize) * LayerContexts(context);

    /// <summary>Key/value elements of one token in one layer, for the split over cards.</summary>
    public double KvShare(int cards) => _shape.KvLatentRank > 0 ? 1 : Math.Max(1.0 / _shape.KvHeads, 1.0 / cards);

    /// <summary>Sum over the layers of the context each layer sees: windowed layers see at most the window.</summary>
    private double LayerContexts(double context)
    {
        if (_shape.SlidingWindow <= 0 || context <= _shape.SlidingWindow)
            return _shape.Layers * context;
        var global = _shape.SlidingWindowPeriod > 1 ? _shape.Layers / _shape.SlidingWindowPeriod : 0;
        return (global * context) + ((_shape.Layers - global) * (double)_shape.SlidingWindow);
    }
}
