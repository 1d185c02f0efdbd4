using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>One card, engine, model and service: point formulas without spread. All are stated and derived in
/// <c>docs/gpu-model.md</c>.</summary>
public sealed class GpuMachine
{
    private const double MatricesPerLayer = 4;

    private readonly GpuSpeeds _card;
    private readonly GpuEngine _engine;
    private readonly GpuFactors _factors;
    private readonly ModelShape _shape;
    private readonly ModelTraffic _traffic;
    private readonly GpuService _service;
    private readonly WeightFormat _format;
    private readonly double _kvBytes;

    /// <summary>Binds the parts.</summary>
    /// <exception cref="InputException">A format is unknown or a size is out of range.</exception>
    public GpuMachine(GpuSpeeds card, GpuEngine engine, GpuFactors factors, ModelShape shape, GpuService service)
    {
        if (
            service.TensorParallel < 1
            || service.LayerSplit < 1
            || !(service.Batch > 0)
            || !(service.InputTokens >= 0)
            || !(service.OutputTokens >= 0)
            || double.IsInfinity(service.Batch + service.InputTokens + service.OutputTokens)
        )
            throw new InputException(
                $"service: tensor parallelism {service.TensorParallel}, batch {service.Batch}, lengths "
                    + $"{service.InputTokens}/{service.OutputTokens}: sizes must be finite and positive"
            );
        (_card, _engine, _factors, _shape, _service) = (card, engine, factors, shape, service);
        _traffic = new ModelTraffic(shape);
        _format = WeightFormat.Find(service.WeightFormat);
        _kvBytes = WeightFormat.KvBytes(service.KvFormat);
    }

    /// <summary>Bytes of weights in memory, all cards together.</summary>
    public double WeightBytes =>
        ((_traffic.Resident - _traffic.Output) * _format.BitsPerWeight / 8) + (_traffic.Output * _format.OutputBitsPerWeight / 8);

    /// <summary>
    /// One step that decodes <paramref name="sequences"/> sequences with a mean context and carries <paramref name="promptTokens"/> prompt
    /// tokens (which see <paramref name="promptContext"/> tokens on average) along.
    /// </summary>
    public GpuStep Step(double sequences, double context, double promptTokens = 0, double promptContext = 0) =>
        Step(sequences, context, promptTokens, promptContext, Math.Max(sequences, 1));

    /// <summary>
    /// One step of a diffusion model that decodes in blocks: each of <paramref name="sequences"/> sequences computes
    /// <paramref name="positions"/> positions, logits included, which share one read of weights, keys and values.
    /// </summary>
    public GpuStep BlockStep(double sequences, double positions, double context) =>
        Step(sequences, context, sequences * (positions - 1), context, Math.Max(sequences * positions, 1));

    // logits: rows that the output matrix is multiplied with.
    private GpuStep Step(double sequences, double context, double promptTokens, double promptContext, double logits)
    {
        var tp = _service.TensorParallel;
        var tokens = sequences + promptTokens;
        var layerBits = _format.BitsPerWeight / 8;
        var streamed = StreamRate();
        var stream =
            (
                ((_traffic.Fixed + (_traffic.ExpertsTouched(tokens) / _factors.ExpertStreaming)) * layerBits)
                + (_traffic.Output * _format.OutputBitsPerWeight / 8)
            )
            / tp
            / streamed;
        var matrix = ((2 * tokens * _traffic.ActiveInLayers) + (2 * logits * _traffic.Output)) / tp / MatrixRate();
        var p = _factors.Overlap;
        var weights = Math.Pow(Math.Pow(stream, p) + Math.Pow(matrix, p), 1 / p);
        var grouped = _traffic.GroupsQueries ? _factors.GroupedQueryFactor : 1;
        var kv =
            sequences
            * _traffic.KvElements(context)
            * _kvBytes
            * _traffic.KvShare(tp)
            / (_card.Bandwidth * _factors.KvEfficiency * grouped);
        var attention = 2 * promptTokens * _traffic.AttentionMultiplyAdds(promptContext) / tp / (_card.Matrix16 * _factors.Attention);
        var perLayer =
            (_factors.LayerUs * GpuFactors.ReferenceClockGhz / _card.ClockGhz)
            + (MatricesPerLayer * _factors.MatrixStartUs)
            + (_traffic.NormalisesQueries ? _factors.NormUs : 0);
        var layers = 1e-6 * ((perLayer * _shape.Layers) + (_factors.MixtureUs * _traffic.MixtureLayers));
        var collectives = 1e-3 * _factors.HopMs * (_service.LayerSplit - 1);
        if (tp > 1)
        {
            // Ring all-reduce after attention and after the feed-forward layer: each card sends 2 (tp − 1)/tp of the activations.
            var bytes = 2.0 * (tp - 1) / tp * tokens * _shape.EmbeddingLength * 2;
            collectives +=
                2 * _shape.Layers * ((1e-6 * _factors.CollectiveUs * Math.Log2(tp)) + (bytes / (_card.Link * _factors.LinkEfficiency)));
        }

        return new GpuStep
        {
            Stream = stream,
            Matrix = matrix,
            Weights = weights,
            Kv = kv,
            PromptAttention = attention,
            Layers = layers,
            Collectives = collectives,
            Engine = 1e-6 * (_factors.SequenceUs + (_traffic.NormalisesQueries ? _factors.NormSequenceUs : 0)) * sequences,
            LaunchFloor = 1e-6 * _factors.LaunchUs * _shape.Layers,
        };
    }

    /// <summary>A step of the service's batch at its mean context, no prompts.</summary>
    public GpuStep DecodeStep() => Step(_service.Batch, _service.MeanContext);

    /// <summary>The mean step of a batch kept full: each step carries the prompts that replace finished sequences.</summary>
    public GpuStep SteadyStep(double sequences)
    {
        var prompts = sequences / Math.Max(1, _service.OutputTokens);
        return Step(sequences, _service.MeanContext, prompts * _service.InputTokens, _service.InputTokens / 2);
    }

    /// <summary>
    /// The median step of a batch kept full. Prompts arrive as a Poisson stream of <c>batch/output</c> per step, whose median is about the
    /// mean less 0.3 and never below 0, so small batches show no prompt in the median.
    /// </summary>
    public GpuStep MedianStep(double sequences)
    {
        var prompts = Math.Max(0, (sequences / Math.Max(1, _service.OutputTokens)) - 0.3);
        return Step(sequences, _service.MeanContext, prompts * _service.InputTokens, _service.InputTokens / 2);
    }

    /// <summary>Seconds to read <paramref name="prompts"/> prompts of the service's length on idle cards.</summary>
    public double Prefill(double prompts)
    {
        var tokens = prompts * _service.InputTokens;
        return Step(0, 0, tokens, _service.InputTokens / 2).Total + (1e-3 * _factors.PrefillMs);
    }

    /// <summary>
    /// Mean seconds to the first token beside a running batch: half a step until the engine looks, the wait for earlier prompts
    /// (a queue with Poisson arrivals and one service time, <c>ρ S / (2 (1 − ρ))</c>, Pollaczek–Khinchine), and the prompt itself.
    /// </summary>
    public double FirstTokenOnline(double sequences)
    {
        const double fullest = 0.95;
        var step = SteadyStep(sequences).Total;
        var service = Prefill(1);
        var load = Math.Min(fullest, sequences / (Math.Max(1, _service.OutputTokens) * step) * service);
        return (0.5 * step) + (load * service / (2 * (1 - load))) + service;
    }

    /// <summary>Sequences that fit: memory left after weights, divided by what one sequence holds; 0 when the weights do not fit.</summary>
    public double Admitted()
    {
        var cards = _service.TensorParallel * _service.LayerSplit;
        var pool = (cards * _card.Capacity * _engine.MemoryFraction) - WeightBytes - (cards * _engine.ReservedGb * 1e9);
        var held = _engine.ReservesWholeContext ? _service.InputTokens + _service.OutputTokens : _service.MeanContext;
        var sequence =
            Math.Max(1, _traffic.KvElements(held)) * _kvBytes * _traffic.KvShare(_service.TensorParallel) * _service.TensorParallel;
        return pool <= 0 ? 0 : Math.Min(_engine.MaximumBatch, pool / sequence);
    }

    /// <summary>Output tokens per second of a batch that prefills, decodes and retires as one.</summary>
    public double StaticThroughput(double batch)
    {
        var time =
            Prefill(batch) + (Math.Max(1, _service.OutputTokens) * Step(batch, _service.InputTokens + (_service.OutputTokens / 2)).Total);
        return batch * _service.OutputTokens / time;
    }

    /// <summary>Output tokens per second of a batch kept at <paramref name="sequences"/>.</summary>
    public double SteadyThroughput(double sequences) => sequences / SteadyStep(sequences).Total;

    /// <summary>
    /// Watts of one card during a step: idle plus a share of the room to the limit that grows with the shares of the step spent streaming
    /// weights, streaming keys and values, and multiplying; never above the limit.
    /// </summary>
    public double Watts(GpuStep step)
    {
        var load =
            _factors.PowerBase
            + (
                (
                    (_factors.PowerStream * step.Stream)
                    + (_factors.PowerKv * step.Kv)
                    + (_factors.PowerMatrix * (step.Matrix + step.PromptAttention))
                ) / step.Total
            );
        return _card.IdleW + ((_card.TdpW - _card.IdleW) * Math.Clamp(load, 0, 1));
    }

    private double StreamRate()
    {
        var perClock = _format.Gguf ? _factors.BytesPerClockQuantised : _factors.BytesPerClock16;
        return perClock > 0 ? Math.Min(_card.Bandwidth, perClock * _card.Sms * _card.ClockGhz * 1e9) : _card.Bandwidth;
    }

    private double MatrixRate() =>
        _format.Unit switch
        {
            4 when _card.Matrix4 > 0 => _card.Matrix4 * _factors.Matrix4,
            4 or 8 when _card.Matrix8 > 0 => _card.Matrix8 * _factors.Matrix8,
            // Without the narrow unit the weights are widened on the way in and multiplied at 16 bits.
            _ => _card.Matrix16 * _factors.Matrix16,
        };
}
