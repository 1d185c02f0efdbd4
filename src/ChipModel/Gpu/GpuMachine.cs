using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>One card, engine, model and service: point formulas without spread. All are stated and derived in
/// <c>docs/gpu-model.md</c>.</summary>
public sealed class GpuMachine
{
    private readonly GpuSpeeds _card;
    private readonly GpuEngine _engine;
    private readonly GpuFactors _factors;
    private readonly ModelShape _shape;
    private readonly ModelTraffic _traffic;
    private readonly GpuService _service;
    private readonly WeightFormat _format;
    private readonly double _kvBytes;
    private readonly double _rate;
    private readonly double _matrixRate;
    private readonly double _unitRatio;
    private readonly double _start;
    private readonly IReadOnlyList<GpuMatrix> _matrices;

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
        _rate = StreamRate();
        _matrixRate = MatrixRate();
        _unitRatio = UnitPeak() / card.Matrix16;
        _start = card.StartScale;
        _matrices = _traffic.Matrices(service.TensorParallel, _format);
    }

    private GpuMachine(GpuMachine other, GpuFactors factors)
    {
        (_card, _engine, _factors, _shape, _service) = (other._card, other._engine, factors, other._shape, other._service);
        (_traffic, _format, _kvBytes, _matrices, _unitRatio) = (
            other._traffic,
            other._format,
            other._kvBytes,
            other._matrices,
            other._unitRatio
        );
        (_rate, _matrixRate, _start) = (StreamRate(), MatrixRate(), other._start);
    }

    /// <summary>The same machine with other parameters.</summary>
    public GpuMachine With(GpuFactors factors) => new(this, factors);

    /// <summary>Bytes of weights in memory, all cards together.</summary>
    public double WeightBytes => _traffic.ResidentBytes(_format);

    /// <summary>
    /// One step that decodes <paramref name="sequences"/> sequences with a mean context and carries <paramref name="promptTokens"/> prompt
    /// tokens (which see <paramref name="promptContext"/> tokens on average) along: the sum of its kernels.
    /// </summary>
    /// <param name="sequences">Sequences that decode, 0 or more.</param>
    /// <param name="context">Their mean context, tokens.</param>
    /// <param name="promptTokens">Prompt tokens in the step.</param>
    /// <param name="promptContext">Tokens that a prompt token sees on average.</param>
    /// <param name="prompts">Prompts that start in the step.</param>
    /// <param name="table">Receives the kernels in the order of their work; null for none.</param>
    public GpuStep Step(
        double sequences,
        double context,
        double promptTokens = 0,
        double promptContext = 0,
        double prompts = 0,
        List<GpuKernel>? table = null
    ) => Step(sequences, context, (promptTokens, promptContext, prompts), sequences, table);

    /// <summary>
    /// One step of a diffusion model that decodes in blocks: each of <paramref name="sequences"/> sequences computes
    /// <paramref name="positions"/> positions, logits included, which share one read of weights, keys and values.
    /// </summary>
    /// <param name="sequences">Sequences, 0 or more.</param>
    /// <param name="positions">Positions of a block, at least 1.</param>
    /// <param name="context">Positions that each of them sees.</param>
    public GpuStep BlockStep(double sequences, double positions, double context) =>
        Step(sequences, context, (sequences * (positions - 1), context, 0), sequences * positions, null);

    // logits: rows that the output matrix is multiplied with.
    private GpuStep Step(
        double sequences,
        double context,
        (double Tokens, double Context, double Count) prompt,
        double logits,
        List<GpuKernel>? table
    )
    {
        var (promptTokens, promptContext, prompts) = prompt;
        var sum = new GpuStepSum(table);
        var tokens = sequences + promptTokens;
        Matrices(ref sum, logits, tokens);
        Experts(ref sum, tokens);
        Attention(ref sum, sequences, context, promptTokens, promptContext);
        Layers(ref sum, tokens);
        Collectives(ref sum, tokens);
        Host(ref sum, sequences, prompts);
        return sum.ToStep(1e-6 * _factors.LaunchUs * _shape.Layers);
    }

    // start + depth k/4096 + (read^4 + multiply^4)^(1/4): the law of the measured matrix kernels.
    private void Matrices(ref GpuStepSum sum, double logits, double tokens)
    {
        foreach (var matrix in _matrices)
        {
            var m = matrix.Output ? Math.Max(logits, 1) : tokens;
            var bytes = (matrix.Columns * matrix.Depth * matrix.Bits / 8) + (2 * m * (matrix.Columns + matrix.Depth));
            var operations = 2 * m * matrix.Columns * matrix.Depth;
            var narrow = matrix.Bits < 16 && _format.UnitOn(_card) < 16;
            var read = bytes / (_rate * _factors.MatrixStreaming);
            var multiply = operations / (narrow ? _matrixRate : _card.Matrix16 * _factors.Matrix16);
            var start =
                1e-6
                * (
                    (_start * (_factors.MatrixStartUs + (_factors.MatrixDepthUs * matrix.Depth / 4096)))
                    + (narrow ? _factors.QuantiseUs : 0)
                );
            sum.Matrix(
                matrix,
                m,
                read,
                multiply,
                start,
                Join(read, multiply),
                bytes,
                operations / (narrow ? _unitRatio : 1) / _card.Matrix16
            );
        }
    }

    // Routed experts: the same law on the experts that the step's tokens touch, with the tokens' own traffic.
    private void Experts(ref GpuStepSum sum, double tokens)
    {
        if (_traffic.MixtureLayers == 0)
            return;
        var ways = (double)_service.ExpertParallel;
        var width = (double)_shape.ExpertFeedForwardLength / (ways > 1 ? 1 : _service.TensorParallel);
        var chosen = tokens * _shape.ExpertsUsed / ways;
        var touched = _traffic.ExpertsTouched(tokens) / _traffic.MixtureLayers / _traffic.ExpertWeights / ways;
        // Weights narrower than the unit that multiplies them are widened on the way.
        var widened = _format.UnitOn(_card) == 16 && _format.BitsPerWeight < 16;
        var weights = touched * 3 * _shape.EmbeddingLength * width * _format.BitsPerWeight / 8;
        var traffic =
            (widened ? _factors.WidenedTraffic : _factors.ExpertTraffic) * 2 * chosen * ((2 * _shape.EmbeddingLength) + (3 * width));
        var operations = 6 * chosen * _shape.EmbeddingLength * width;
        var narrow = _format.UnitOn(_card) < 16;
        var read = (weights + traffic) / (_rate * _factors.ExpertStreaming);
        var multiply =
            operations
            / ((narrow ? _matrixRate : _card.Matrix16 * _factors.Matrix16) * (widened ? _factors.WidenedMatrix : _factors.ExpertMatrix));
        sum.Experts(
            _traffic.MixtureLayers,
            (chosen, touched),
            1e-6 * _factors.MixtureUs,
            (read, multiply),
            Join(read, multiply),
            weights + traffic,
            operations / (narrow ? _unitRatio : 1) / _card.Matrix16,
            widened
        );
    }

    private void Attention(ref GpuStepSum sum, double sequences, double context, double promptTokens, double promptContext)
    {
        var tp = _service.TensorParallel;
        if (sequences > 0)
        {
            var grouped = _traffic.GroupsQueries ? _factors.GroupedQueryFactor : 1;
            var bytes = sequences * _traffic.KvElementsRead(context) * _kvBytes * _traffic.KvShare(tp);
            var start =
                1e-6
                * _start
                * ((_shape.Layers * _factors.DecodeAttentionUs) + (_factors.AttentionDepthUs * _traffic.LayerContexts(context) / 4096));
            sum.Decode(_shape.Layers, sequences, context, start, bytes / (_card.Bandwidth * _factors.KvEfficiency * grouped), bytes);
        }

        if (promptTokens > 0)
        {
            const double tile = 128;
            var operations = 2 * promptTokens * _traffic.AttentionMultiplyAdds(promptContext) / tp;
            var rate = _card.Matrix16 * _factors.Attention;
            var edge = 1 + (_factors.AttentionEdge * tile / Math.Max(tile, 2 * promptContext));
            var start = 1e-6 * _start * _factors.PromptAttentionUs * _shape.Layers;
            sum.Prompt(_shape.Layers, promptTokens, start + (operations / rate * edge), operations / _card.Matrix16);
        }
    }

    // What is left of a layer: norms, rotary embedding, activation, cache writes; and the tokens' traffic through them.
    private void Layers(ref GpuStepSum sum, double tokens)
    {
        var each = _start * (_factors.LayerUs + (_traffic.NormalisesQueries ? _factors.NormUs : 0));
        var bytes = 2.0 * tokens * _shape.EmbeddingLength * _factors.TokenTraffic * _shape.Layers;
        sum.Layers(_shape.Layers, 1e-6 * each * _shape.Layers, bytes / _card.Bandwidth, bytes);
    }

    // All-reduce after attention and after the feed-forward layer: one shot (each card reads all others) or two (ring traffic), whichever
    // is sooner; the cards also wait for the slowest of them.
    private void Collectives(ref GpuStepSum sum, double tokens)
    {
        var tp = _service.TensorParallel;
        var time = 1e-3 * _factors.HopMs * (_service.LayerSplit - 1);
        var count = 0;
        if (tp > 1)
        {
            var bytes = 2 * tokens * _shape.EmbeddingLength;
            var once = bytes * (tp - 1) / (_card.Link * _factors.LinkOnce);
            var twice = (1e-6 * _factors.CollectiveTwiceUs) + (2 * bytes * (tp - 1) / tp / (_card.Link * _factors.LinkEfficiency));
            count = 2 * _shape.Layers;
            time +=
                count
                * (
                    (1e-6 * (_factors.CollectiveUs + (_factors.CollectiveCardUs * (tp - 2)) + (_factors.SkewUs * Math.Log2(tp))))
                    + Math.Min(once, twice)
                );
        }

        sum.Collectives(count, tokens, time);
    }

    private void Host(ref GpuStepSum sum, double sequences, double prompts) =>
        sum.Host(
            sequences,
            1e-6
                * (
                    _factors.StepUs
                    + (_factors.PromptUs * prompts)
                    + ((_factors.SequenceUs + (_traffic.NormalisesQueries ? _factors.NormSequenceUs : 0)) * sequences)
                )
        );

    private double Join(double read, double multiply) =>
        Math.Pow(Math.Pow(read, _factors.Overlap) + Math.Pow(multiply, _factors.Overlap), 1 / _factors.Overlap);

    /// <summary>A step of the service's batch at its mean context, no prompts.</summary>
    public GpuStep DecodeStep() => Step(_service.Batch, _service.MeanContext);

    /// <summary>The mean step of a batch kept full: each step carries the prompts that replace finished sequences.</summary>
    public GpuStep SteadyStep(double sequences)
    {
        var prompts = sequences / Math.Max(1, _service.OutputTokens);
        return Step(sequences, _service.MeanContext, prompts * _service.InputTokens, _service.InputTokens / 2, prompts);
    }

    /// <summary>
    /// The median step of a batch kept full. Prompts arrive as a Poisson stream of <c>batch/output</c> per step, whose median is about the
    /// mean less 0.3 and never below 0, so small batches show no prompt in the median.
    /// </summary>
    public GpuStep MedianStep(double sequences)
    {
        var prompts = _factors.MedianPrompts * Math.Max(0, (sequences / Math.Max(1, _service.OutputTokens)) - 0.3);
        return Step(sequences, _service.MeanContext, prompts * _service.InputTokens, _service.InputTokens / 2, prompts);
    }

    /// <summary>Seconds to read <paramref name="prompts"/> prompts of the service's length on idle cards.</summary>
    public double Prefill(double prompts)
    {
        var tokens = prompts * _service.InputTokens;
        return Step(0, 0, tokens, _service.InputTokens / 2).Total + (1e-3 * _factors.PrefillMs);
    }

    /// <summary>
    /// A batch of forecasts by a model of patches: all patches of their contexts in one pass, then the steps, each of which takes the
    /// patches of the output before. Only the last patch of a pass meets the heads.
    /// </summary>
    /// <param name="patches">Sizes.</param>
    /// <param name="forecasts">Forecasts computed at once, above 0.</param>
    /// <returns>Seconds to the first output patch and to the last, mean watts of one card, and the pass that takes most of the
    /// time.</returns>
    public (double First, double Total, double Watts, GpuStep Step) Forecast(PatchShape patches, double forecasts)
    {
        var (sequences, steps) = (forecasts * patches.SeriesPerForecast, patches.Steps((int)Math.Max(1, _service.OutputTokens)));
        var context = ContextPass(sequences, null);
        var first = context.Total + (1e-3 * _factors.PrefillMs);
        if (steps == 0)
            return (first, first, Watts(context), context);
        var seen = _service.InputTokens + (0.5 * steps * patches.PatchesPerStep);
        var decoded = Step(sequences, seen, (sequences * (patches.PatchesPerStep - 1), seen, 0), sequences, null);
        var rest = steps * decoded.Total;
        return (
            first,
            first + rest,
            ((Watts(context) * first) + (Watts(decoded) * rest)) / (first + rest),
            first > rest ? context : decoded
        );
    }

    /// <summary>The pass over the contexts of this number of series, of which the last token of each meets the output.</summary>
    /// <param name="sequences">Series.</param>
    /// <param name="table">Receives the kernels; null for none.</param>
    public GpuStep ContextPass(double sequences, List<GpuKernel>? table) =>
        Step(0, 0, (sequences * _service.InputTokens, _service.InputTokens / 2, 0), sequences, table);

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
        return (_factors.WaitSteps * step) + (load * service / (2 * (1 - load))) + service;
    }

    /// <summary>
    /// Mean seconds to the first token of users who each send the next request when an answer ends. Users beyond those that fit wait: by
    /// Little's law a request spends <c>users / rate</c> in the system.
    /// </summary>
    public double FirstTokenClosed(double users)
    {
        var running = Math.Min(users, Math.Max(1, Admitted()));
        var first = FirstTokenOnline(running);
        return users <= running
            ? first
            : first + ((users - running) / running * (first + (_service.OutputTokens * SteadyStep(running).Total)));
    }

    /// <summary>Sequences that fit: memory left after weights, divided by what one sequence holds; 0 when the weights do not fit.</summary>
    public double Admitted()
    {
        var held = _engine.ReservesWholeContext ? _service.InputTokens + _service.OutputTokens : _service.MeanContext;
        return KvPoolBytes is > 0 and var pool
            ? Math.Min(_engine.MaximumBatch, pool / (KvBytes(held) * (_shape.Patches?.SeriesPerForecast ?? 1)))
            : 0;
    }

    /// <summary>Memory of all cards that weights and workspace leave to keys and values, bytes; 0 when the weights do not fit.</summary>
    public double KvPoolBytes
    {
        get
        {
            var cards = _service.TensorParallel * _service.LayerSplit;
            var pool =
                (cards * _card.Capacity * _engine.MemoryFraction)
                - WeightBytes
                - (cards * 1e9 * (_engine.ReservedGb + (_shape.Experts > 0 ? _engine.MixtureReservedGb : 0)));
            return Math.Max(0, pool * _engine.KvFraction);
        }
    }

    /// <summary>Bytes of keys and values of one sequence on all cards together.</summary>
    /// <param name="positions">Tokens that it holds, at least 0.</param>
    public double KvBytes(double positions) =>
        Math.Max(1, _traffic.KvElements(positions)) * _kvBytes * _traffic.KvShare(_service.TensorParallel) * _service.TensorParallel;

    /// <summary>Watts of one card that holds the model and does nothing.</summary>
    public double IdleWatts => _card.IdleW;

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
    /// Watts of one card during a step: what it draws while it works at all, energy for each byte and operation, and a smooth approach to
    /// the limit.
    /// </summary>
    public double Watts(GpuStep step)
    {
        var still = _card.IdleW + ((_card.TdpW - _card.IdleW) * _factors.Power.Base);
        var room = (_factors.Power.Limit * _card.TdpW) - still;
        var moved =
            (
                (((_factors.Power.Stream * (step.Bytes - step.KvBytes)) + (_factors.Power.Kv * step.KvBytes)) / _card.Bandwidth)
                + (_factors.Power.Matrix * step.MatrixSeconds)
                + (_factors.Power.Widened * step.Widened)
            ) / step.Total;
        var load = _card.TdpW * moved / room;
        return still + (room * load / Math.Pow(1 + Math.Pow(load, _factors.Power.Knee), 1 / _factors.Power.Knee));
    }

    private double StreamRate()
    {
        var perClock = _format.Gguf ? _factors.BytesPerClockQuantised : _factors.BytesPerClock16;
        return perClock > 0 ? Math.Min(_card.Bandwidth, perClock * _card.Sms * _card.ClockGhz * 1e9) : _card.Bandwidth;
    }

    private double MatrixRate() =>
        _format.UnitOn(_card) switch
        {
            4 when _card.Matrix4 > 0 => _card.Matrix4 * _factors.Matrix4,
            4 or 8 when _card.Matrix8 > 0 => _card.Matrix8 * _factors.Matrix8,
            // Without the narrow unit the weights are widened on the way in and multiplied at 16 bits.
            _ => _card.Matrix16 * _factors.Matrix16,
        };

    private double UnitPeak() =>
        _format.UnitOn(_card) switch
        {
            4 when _card.Matrix4 > 0 => _card.Matrix4,
            4 or 8 when _card.Matrix8 > 0 => _card.Matrix8,
            _ => _card.Matrix16,
        };
}
