using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Import;

/// <summary>Reads the sizes and traits of a model from GGUF metadata and from which tensors are there (keys:
/// docs/formats/gguf.md).</summary>
public static class ReadModel
{
    /// <summary>Most layers that are believed.</summary>
    private const int MaximumLayers = 512;

    /// <summary>Architectures that can be compiled.</summary>
    public static IReadOnlyList<string> Architectures { get; } =
    ["llama", "mistral3", "qwen2", "qwen2moe", "qwen3", "qwen3moe", "gemma2", "gemma3", "phi3", "gpt-oss", "olmo2", "llada", "dream"];

    /// <summary>Sizes and traits.</summary>
    /// <exception cref="InputException">A key is missing, of the wrong type or out of range, or the architecture is not
    /// supported.</exception>
    public static (ModelShape Shape, ModelTraits Traits) From(GgufFile file)
    {
        var architecture = file.Metadata.GetString("general.architecture");
        if (!Architectures.Contains(architecture, StringComparer.Ordinal))
            throw new InputException(
                $"{file.Path}: architecture '{architecture}' is not supported; supported: {string.Join(' ', Architectures)}"
            );
        return new Reader(file, architecture).Read();
    }

    private sealed class Reader(GgufFile file, string architecture)
    {
        private readonly GgufMetadata _meta = file.Metadata;

        private bool Is(params ReadOnlySpan<string> names) => names.Contains(architecture);

        public (ModelShape, ModelTraits) Read()
        {
            var layers = Size("block_count", 1, MaximumLayers);
            var embedding = Size("embedding_length", 1, 1 << 20);
            var heads = SizePerLayer("attention.head_count", layers);
            var kvHeads = Has("attention.head_count_kv") ? SizePerLayer("attention.head_count_kv", layers) : heads;
            if (heads % kvHeads != 0)
                throw Fault("attention.head_count_kv", $"a divisor of head_count {heads}", kvHeads);
            var headSize = Size("attention.key_length", 1, 1 << 16, embedding / heads);
            var valueSize = Size("attention.value_length", 1, 1 << 16, embedding / heads);
            var experts = Size("expert_count", 0, 4096, 0);
            var used = Size("expert_used_count", 0, Math.Max(experts, 0), 0);
            if (experts > 0 && used == 0)
                throw Fault("expert_used_count", $"1…{experts}", used);
            var feedForward = experts > 0 ? OptionalPerLayer("feed_forward_length", layers) : SizePerLayer("feed_forward_length", layers);
            var tokens = Vocabulary();
            var window = Size("attention.sliding_window", 0, int.MaxValue, 0);
            var diffusion = Is("llada", "dream");
            if (!diffusion && _meta.TryGet<bool>($"{architecture}.attention.causal", out var causal) && !causal)
                throw Fault("attention.causal", "true for this architecture", "false");

            if (window == 0)
                window = architecture switch
                {
                    "gemma2" => 4096,
                    "gpt-oss" => 128,
                    _ => 0,
                };
            var windowed = Is("gemma2", "gemma3", "gpt-oss", "olmo2") && window > 0 ? Windowed(layers) : [];

            var shape = new ModelShape
            {
                Name =
                    _meta.TryGetString("general.name", out var name) && name.Length > 0
                        ? OneLine(name)
                        : System.IO.Path.GetFileNameWithoutExtension(file.Path),
                Architecture = architecture,
                Layers = layers,
                EmbeddingLength = embedding,
                Heads = heads,
                KvHeads = kvHeads,
                HeadSize = headSize,
                ValueHeadSize = valueSize,
                FeedForwardLength = feedForward,
                VocabularySize = tokens,
                ContextLength = Size("context_length", 1, int.MaxValue),
                TiedEmbeddings = !file.TryGetTensor("output.weight", out _) || architecture == "gemma2",
                Experts = experts,
                ExpertsUsed = used,
                ExpertFeedForwardLength = experts > 0 ? ExpertWidth(feedForward, used) : 0,
                SharedExpertFeedForwardLength =
                    architecture == "qwen2moe" ? Size("expert_shared_feed_forward_length", 0, 1 << 24, SharedWidth()) : 0,
                SlidingWindow = windowed.Count > 0 ? window : 0,
                SlidingWindowPeriod = windowed.Contains(false) ? windowed.ToList().IndexOf(false) + 1 : 0,
                PostNorms = Is("gemma2", "gemma3", "olmo2"),
                QkNorm = file.TryGetTensor("blk.0.attn_q_norm.weight", out _),
                Causal = !diffusion,
                Source = $"metadata of {System.IO.Path.GetFileName(file.Path)}",
            };
            return (shape, Traits(shape, windowed, headSize));
        }

        private ModelTraits Traits(ModelShape shape, IReadOnlyList<bool> windowed, int headSize)
        {
            var scaling = _meta.TryGetString($"{architecture}.rope.scaling.type", out var type) ? type : "none";
            if (scaling is not ("none" or "linear" or "yarn" or "longrope"))
                throw Fault("rope.scaling.type", "none, linear, yarn or longrope", scaling);
            var factor = Real("rope.scaling.factor", Real("rope.scale_linear", 0));
            if (factor < 0)
                throw Fault("rope.scaling.factor", "a positive number", factor);
            if (factor == 0 || (scaling == "none" && Has("rope.scaling.type")))
                factor = 1;
            var rotary = Size("rope.dimension_count", 2, headSize, headSize);
            if ((rotary & 1) != 0)
                throw Fault("rope.dimension_count", "an even number", rotary);
            var longRope = file.TryGetTensor("rope_factors_long.weight", out _) && file.TryGetTensor("rope_factors_short.weight", out _);
            // As in llama.cpp, which reads these keys for this architecture alone.
            var mistral3 = architecture == "mistral3";
            return new ModelTraits
            {
                NormEpsilon = RequiredReal("attention.layer_norm_rms_epsilon"),
                RotaryLength = rotary,
                RopeBase = Real("rope.freq_base", 10000),
                RopeNeox = !Is("llama", "mistral3", "llada"),
                RopeBaseWindowed = architecture switch
                {
                    "gemma3" => Real("rope.freq_base_swa", 10000),
                    "gemma2" or "gpt-oss" => Real("rope.freq_base_swa", 0),
                    _ => 0,
                },
                WindowedRope = architecture switch
                {
                    "gemma3" => WindowedRope.Unscaled,
                    "olmo2" => WindowedRope.Plain,
                    _ => WindowedRope.Scaled,
                },
                RopeScalingFactor = factor,
                RopeMagnitude = Real("rope.scaling.attn_factor", 1),
                Yarn = scaling == "yarn",
                YarnBetaFast = mistral3 ? Real("rope.scaling.yarn_beta_fast", 32) : 32,
                YarnBetaSlow = mistral3 ? Real("rope.scaling.yarn_beta_slow", 1) : 1,
                YarnLogMultiplier = mistral3 ? Real("rope.scaling.yarn_log_multiplier", 0) : 0,
                OriginalContextLength = Size("rope.scaling.original_context_length", 0, int.MaxValue, 0) is > 0 and var original
                    ? original
                    : shape.ContextLength,
                RopeFactors =
                    longRope ? RopeFactors.LongRope
                    : architecture != "llada" && file.TryGetTensor("rope_freqs.weight", out _) ? RopeFactors.Frequencies
                    : RopeFactors.None,
                AttentionScale = (architecture, shape.Layers) is ("gemma2", 46) or ("gemma3", 62)
                    ? 1 / MathF.Sqrt(shape.EmbeddingLength / shape.Heads)
                    : 0, // the 27B models
                AttentionTemperatureScale = mistral3 ? Real("attention.temperature_scale", 0) : 0,
                ScaleQuery = Is("gemma2", "gemma3", "phi3"),
                AttentionSoftCap = architecture == "gemma2" ? Real("attn_logit_softcapping", 50) : 0,
                FinalSoftCap =
                    architecture == "gemma2" ? Real("final_logit_softcapping", 30)
                    : architecture == "gemma3" ? Real("final_logit_softcapping", 0)
                    : 0,
                EmbeddingScale = Is("gemma2", "gemma3") ? MathF.Sqrt(shape.EmbeddingLength) : 0,
                WindowedLayers = windowed,
                FusedQkv = file.TryGetTensor("blk.0.attn_qkv.weight", out _),
                FusedGateUp = architecture == "phi3" && !file.TryGetTensor("blk.0.ffn_gate.weight", out _),
                QkvBias = file.TryGetTensor("blk.0.attn_q.bias", out _) || file.TryGetTensor("blk.0.attn_qkv.bias", out _),
                AttentionOutputBias = architecture != "llada" && file.TryGetTensor("blk.0.attn_output.bias", out _),
                FeedForwardBias = architecture != "llada" && file.TryGetTensor("blk.0.ffn_down.bias", out _),
                OutputBias = architecture == "qwen2" && file.TryGetTensor("output.bias", out _),
                ScaledMatrices = Scaled(shape),
                QkNorm =
                    !file.TryGetTensor("blk.0.attn_q_norm.weight", out _) ? QkNorm.None
                    : architecture == "olmo2" ? QkNorm.Projection
                    : QkNorm.Head,
                PreNorms = architecture != "olmo2",
                PostNorms = Is("gemma2", "gemma3", "olmo2"),
                FeedForwardNormIsPostAttention = architecture == "gpt-oss",
                AttentionSinks = file.TryGetTensor("blk.0.attn_sinks.weight", out _),
                Activation =
                    Is("gemma2", "gemma3") ? FeedForwardActivation.Gelu
                    : architecture == "gpt-oss" ? FeedForwardActivation.ClampedSwiglu
                    : FeedForwardActivation.Silu,
                ExpertGating = architecture switch
                {
                    "gpt-oss" => ExpertGating.SoftmaxOfChosen,
                    "qwen2moe" => ExpertGating.Softmax,
                    _ => ExpertGating.SoftmaxRenormalised,
                },
                ExpertBias = file.TryGetTensor("blk.0.ffn_gate_inp.bias", out _),
                MaskToken =
                    shape.Causal ? -1
                    : _meta.TryGet<uint>("tokenizer.ggml.mask_token_id", out var mask) ? (int)mask
                    : architecture == "dream" ? 151666
                    : 126336,
                ShiftLogits = !shape.Causal && _meta.Get("diffusion.shift_logits", true),
            };
        }

        // Local layers see the window: il mod P < P − 1. A list in place of the period P is not read by llama.cpp for these architectures,
        // which have one pattern each.
        private IReadOnlyList<bool> Windowed(int layers)
        {
            var key = $"{architecture}.attention.sliding_window_pattern";
            var period = architecture switch
            {
                "gemma3" => 6u,
                "olmo2" => 4u,
                _ => 2u,
            };
            if (_meta.Find(key) is { Type: not GgufValueType.Array } given)
                period = given.Scalar<uint>();
            return [.. Enumerable.Range(0, layers).Select(il => period == 0 || il % period < period - 1)];
        }

        // The mixtures derived from llama state no width; qwen's share the dense one among the experts in use.
        private int ExpertWidth(int feedForward, int used) =>
            Is("qwen2moe", "qwen3moe") ? Size("expert_feed_forward_length", 1, 1 << 24, feedForward / used)
            : architecture == "gpt-oss" || feedForward == 0 ? Size("expert_feed_forward_length", 1, 1 << 24)
            : feedForward;

        // Beside a matrix NAME.weight of an NVFP4 model: NAME.scale. Those of activations, NAME.input_scale, are for other arithmetic.
        private IReadOnlyList<string> Scaled(ModelShape shape)
        {
            const string End = ".scale";
            string[] matrices =
            [
                .. file.Tensors.Where(t => t.Name.EndsWith(End, StringComparison.Ordinal)).Select(t => t.Name[..^End.Length] + ".weight"),
            ];
            foreach (var name in matrices)
            {
                var known =
                    name == "output.weight"
                    || (
                        name.StartsWith("blk.", StringComparison.Ordinal)
                        && !name.Contains("_shexp", StringComparison.Ordinal)
                        && !name.Contains("_inp.", StringComparison.Ordinal)
                    );
                if (!known || (name == "output.weight" && shape.TiedEmbeddings))
                    throw new InputException(
                        $"{file.Path}: model error: tensor {name[..^7]}{End} scales a matrix that has no factor in this architecture; convert the model again"
                    );
            }

            return matrices;
        }

        private int Vocabulary()
        {
            if (file.TryGetTensor("token_embd.weight", out var table))
                return table.Rows is > 0 and <= 1 << 24
                    ? (int)table.Rows
                    : throw new InputException($"{file.Path}: tensor token_embd.weight has {table.Rows} rows; expected one per token");
            throw new InputException($"{file.Path}: tensor token_embd.weight is missing; is this a vocabulary-only file?");
        }

        private int SharedWidth() => file.TryGetTensor("blk.0.ffn_up_shexp.weight", out var up) ? (int)Math.Min(up.Rows, 1 << 24) : 0;

        private bool Has(string key) => _meta.Contains($"{architecture}.{key}");

        private int Size(string key, int low, int high, int absent = -1)
        {
            if (!Has(key) && absent >= 0)
                return absent;
            var value = Integer(_meta.Find($"{architecture}.{key}") ?? throw Fault(key, $"{low}…{high}", "absent"));
            return value >= low && value <= high ? (int)value : throw Fault(key, $"{low}…{high}", value);
        }

        private int SizePerLayer(string key, int layers)
        {
            var value = _meta.Find($"{architecture}.{key}") ?? throw Fault(key, "a positive number", "absent");
            if (value.Type != GgufValueType.Array)
                return Size(key, 1, 1 << 24);
            var list =
                value.ElementType == GgufValueType.UInt32
                    ? [.. value.Array<uint>().Select(v => (long)v)]
                    : value.Array<int>().Select(v => (long)v).ToArray();
            if (list.Length != layers || list[0] is < 1 or > 1 << 24)
                throw Fault(key, $"{layers} positive numbers", $"{list.Length} numbers");
            if (list.Any(v => v != list[0]))
                throw new InputException($"{file.Path}: {architecture}.{key} differs from layer to layer; only equal layers are supported");
            return (int)list[0];
        }

        private int OptionalPerLayer(string key, int layers) =>
            Has(key) && Integer(_meta.Find($"{architecture}.{key}")!, absentForArray: 1) != 0 ? SizePerLayer(key, layers) : 0;

        private static long Integer(GgufValue value, long absentForArray = long.MinValue) =>
            value.Type switch
            {
                GgufValueType.UInt32 => value.Scalar<uint>(),
                GgufValueType.Int32 => value.Scalar<int>(),
                GgufValueType.UInt64 => value.Scalar<ulong>() > long.MaxValue ? long.MaxValue : (long)value.Scalar<ulong>(),
                GgufValueType.Int64 => value.Scalar<long>(),
                GgufValueType.UInt16 => value.Scalar<ushort>(),
                GgufValueType.Array when absentForArray != long.MinValue => absentForArray,
                _ => value.Scalar<uint>(),
            };

        private float Real(string key, float absent)
        {
            var value = _meta.Get($"{architecture}.{key}", absent);
            return float.IsFinite(value) ? value : throw Fault(key, "a finite number", value);
        }

        private float RequiredReal(string key)
        {
            var value = _meta.Get<float>($"{architecture}.{key}");
            return float.IsFinite(value) && value >= 0 ? value : throw Fault(key, "a finite number from 0", value);
        }

        private InputException Fault(string key, string expected, object found) =>
            new($"{file.Path}: model error: key {architecture}.{key}: expected {expected}, found {found}");

        private static string OneLine(string text) => new([.. text.Take(200).Select(c => char.IsControl(c) ? ' ' : c)]);
    }
}
