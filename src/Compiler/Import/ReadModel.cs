using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Languages;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Import;

/// <summary>Reads the sizes and traits of a model from GGUF metadata and from which tensors are there.</summary>
public static class ReadModel
{
    /// <summary>Most layers that are believed.</summary>
    private const int MaximumLayers = 512;

    /// <summary>Sizes and traits.</summary>
    /// <exception cref="InputException">A key is missing, of the wrong type or out of range, or the architecture is not
    /// supported.</exception>
    public static (ModelShape Shape, ModelTraits Traits) From(GgufFile file)
    {
        var (shape, keys, architecture, windowed) = Sizes(file);
        return (shape, ReadTraits.From(file, keys, architecture, shape, windowed));
    }

    /// <summary>Sizes alone, of a file that need not have the tensors of layers.</summary>
    /// <exception cref="InputException">As <see cref="From"/>.</exception>
    internal static ModelShape ShapeOf(GgufFile file) => Sizes(file).Shape;

    private static (ModelShape Shape, ModelKeys Keys, Architecture Architecture, IReadOnlyList<bool> Windowed) Sizes(GgufFile file)
    {
        ForeignGguf.Refuse(file);
        var name = file.Metadata.GetString("general.architecture");
        var architecture = Architectures.Find(name)
            ?? throw new InputException(
                $"{file.Path}: architecture {GgufFaults.Quote(name)} is not supported; {MissingOperators.Of(file)}; supported: "
                    + string.Join(' ', Architectures.All.Select(a => a.Name))
            );
        var keys = new ModelKeys(file, name);
        var layers = Layers(keys, architecture).Run;
        var shape = Attention(file, keys, architecture, layers) with { Layers = layers, VocabularySize = Vocabulary(file) };
        shape = ReadRecurrence.From(keys, architecture, shape);
        if (architecture.LatentAttention)
            shape = ReadLatentAttention.From(keys, shape, Layers(keys, architecture).All);
        shape = FeedForward(file, keys, architecture, shape);
        if (architecture.RequiredKey is { } required)
            keys.RequiredReal(required);
        if (!architecture.Diffusion && keys.IsFalse("attention.causal"))
            throw keys.Fault("attention.causal", "true for this architecture", "false");
        var window = architecture.WindowedModelLayers == 0 || architecture.WindowedModelLayers == layers ? Window(keys, architecture) : 0;
        var windowed = window > 0 ? Windowed(keys, architecture, layers, shape) : [];
        shape = shape with
        {
            ContextLength = keys.Size("context_length", 1, int.MaxValue),
            SlidingWindow = windowed.Count > 0 ? window : 0,
            SlidingWindowPeriod = windowed.Contains(false) ? windowed.ToList().IndexOf(false) + 1 : 0,
        };
        if (architecture.Streams is { } streams)
            shape = ReadLayerSizes.WithStreams(keys, shape, architecture, streams);
        if (architecture.LayersDiffer)
            shape = ReadLayerSizes.From(keys, shape, windowed);
        return (shape, keys, architecture, windowed);
    }

    /// <summary>Layers that are run, and all that the file has.</summary>
    internal static (int Run, int All) Layers(ModelKeys keys, Architecture architecture)
    {
        var all = keys.Size("block_count", 1, MaximumLayers);
        return (architecture.GuessesAhead ? all - keys.Size("nextn_predict_layers", 0, all - 1, 0) : all, all);
    }

    private static ModelShape Attention(GgufFile file, ModelKeys keys, Architecture architecture, int layers)
    {
        var embedding = keys.Size("embedding_length", 1, 1 << 20);
        var heads = keys.SizePerLayer("attention.head_count", layers);
        var all = Layers(keys, architecture).All;
        var withAttention = ReadRecurrence.AttentionLayers(keys, architecture, layers, all);
        var kvHeads =
            architecture.States is StateRule.ShortConvolution or StateRule.Mamba2 or StateRule.Mamba2OrFeedForward
                ? keys.SizeOf("attention.head_count_kv", layers, withAttention)
            // Read when it is known which layers are windowed.
            : architecture.LayersDiffer ? heads
            : keys.Has("attention.head_count_kv") ? keys.SizePerLayer("attention.head_count_kv", layers)
            : heads;
        if (heads % kvHeads != 0)
            throw keys.Fault("attention.head_count_kv", $"a divisor of head_count {heads}", kvHeads);
        return new ModelShape
        {
            Name =
                file.Metadata.TryGetString("general.name", out var name) && name.Length > 0
                    ? Name(name, $"{file.Path}: model error: key 'general.name'")
                    : Name(Path.GetFileNameWithoutExtension(file.Path), $"{file.Path}: the name of the file"),
            Architecture = architecture.Name,
            Layers = layers,
            EmbeddingLength = embedding,
            Heads = heads,
            KvHeads = kvHeads,
            HeadSize = keys.Size("attention.key_length", 1, 1 << 16, embedding / heads),
            ValueHeadSize = keys.Size("attention.value_length", 1, 1 << 16, embedding / heads),
            AttentionLayers = withAttention,
            FeedForwardLayers = ReadRecurrence.FeedForwardLayers(keys, architecture, layers, all),
            GatedAttention = architecture.GatedAttention,
            FeedForwardLength = 0,
            VocabularySize = 0,
            ContextLength = 0,
            TiedEmbeddings = architecture.AlwaysTied || (!architecture.RequiresOutput && !keys.HasTensor("output.weight")),
            PostNorms = architecture.PostNorms,
            QkNorm = ReadTraits.Norm(keys, architecture) != QkNorm.None,
            Causal = !architecture.Diffusion,
            Source = $"metadata of {Path.GetFileName(file.Path)}",
        };
    }

    private static ModelShape FeedForward(GgufFile file, ModelKeys keys, Architecture architecture, ModelShape shape)
    {
        const string Key = "feed_forward_length";
        var experts = keys.Size("expert_count", architecture.RequiresExperts ? 1 : 0, 4096, architecture.RequiresExperts ? -1 : 0);
        var used = keys.Size("expert_used_count", 0, Math.Max(experts, 0), 0);
        if (experts == 0)
            keys.Size("expert_group_count", 0, 0, 0);
        if (experts == 0)
            return shape with { ExpertsUsed = used, FeedForwardLength = Width() };
        if (used == 0)
            throw keys.Fault("expert_used_count", $"1…{experts}", used);
        // Where layers are mixtures alone, the key only says which.
        var width = shape.FeedForwardLayers.Count > 0 ? 0 : keys.OptionalPerLayer(Key, shape.Layers);
        var shared = file.TryGetTensor("blk.0.ffn_up_shexp.weight", out var up) ? (int)Math.Min(up.Rows, ModelKeys.MaximumWidth) : 0;
        shape = shape with
        {
            FeedForwardLength = width,
            Experts = experts,
            ExpertsUsed = used,
            ExpertFeedForwardLength = architecture.ExpertWidth switch
            {
                ExpertWidthRule.OwnOrShare => keys.Size("expert_" + Key, 1, ModelKeys.MaximumWidth, width / used),
                ExpertWidthRule.FeedForward or ExpertWidthRule.Dense when width > 0 => width,
                ExpertWidthRule.Dense => throw keys.Fault(Key, "a positive number", "absent"),
                _ => keys.Size("expert_" + Key, 1, ModelKeys.MaximumWidth),
            },
        };
        shape = shape with
        {
            LeadingDenseLayers = architecture.ReadsLeadingDense ? keys.Size("leading_dense_block_count", 0, shape.Layers, 0) : 0,
            MixturePeriod = MixturePeriod(keys, architecture, shape.Layers),
            ExpertsBesideDense = architecture.SharedExpert == SharedExpertRule.BesideDense,
            SharedExpertFeedForwardLength = architecture.SharedExpert switch
            {
                SharedExpertRule.None => 0,
                SharedExpertRule.Weighed => keys.Size("expert_shared_" + Key, 0, ModelKeys.MaximumWidth, shared),
                SharedExpertRule.Counted => shape.ExpertFeedForwardLength
                    * keys.Size("expert_shared_count", 1, ModelKeys.MaximumWidth / shape.ExpertFeedForwardLength),
                // 0 stands for the dense width, where there is one.
                SharedExpertRule.WeighedBySigmoid => width == 0 ? keys.Size("expert_shared_" + Key, 1, ModelKeys.MaximumWidth)
                : keys.Size("expert_shared_" + Key, 0, ModelKeys.MaximumWidth, 0) is > 0 and var given ? given
                : width,
                // Experts on a narrower vector are not followed.
                SharedExpertRule.Given => keys.Size("expert_shared_" + Key, 1, ModelKeys.MaximumWidth)
                    + keys.Size("moe_latent_size", 0, 0, 0),
                SharedExpertRule.BesideDense => width,
                SharedExpertRule.AsRouted => shape.ExpertFeedForwardLength,
                _ => keys.Size("expert_shared_" + Key, 0, ModelKeys.MaximumWidth, 0) is > 0 and var own ? own
                : architecture.SharedExpert == SharedExpertRule.PlainOrDense ? width
                : 0,
            },
        };
        return width > 0 || shape.DenseLayers == 0 ? shape : throw keys.Fault(Key, "a positive number, as some layers are dense", "absent");

        int Width() =>
            shape.FeedForwardLayers.Count > 0 ? keys.SizeOf(Key, shape.Layers, shape.FeedForwardLayers)
            // All of them are read later.
            : architecture.LayersDiffer ? keys.PerLayer(Key, shape.Layers)[0]
            : keys.SizePerLayer(Key, shape.Layers);
    }

    private static int MixturePeriod(ModelKeys keys, Architecture architecture, int layers) =>
        architecture.MixturePeriod switch
        {
            MixturePeriodRule.One => keys.Size("interleave_moe_layer_step", 1, 1),
            MixturePeriodRule.Interleaved => keys.Size("interleave_moe_layer_step", 1, layers),
            _ => 0,
        };

    // Keys of windows count only where the architecture has windows.
    private static int Window(ModelKeys keys, Architecture architecture)
    {
        const string Key = "attention.sliding_window";
        if (architecture is { WindowPeriod: 0, WindowsEveryLayer: false, LayersDiffer: false })
            return 0;
        // A window of no token would hide a token from itself.
        var least = architecture.Window > 0 || architecture.RequiresWindow ? 1 : 0;
        var given = keys.Size(Key, least, int.MaxValue, architecture.RequiresWindow ? -1 : architecture.Window);
        return architecture.ChunkedWindow ? architecture.Window : given;
    }

    // A list in place of the period is not read by llama.cpp for these architectures, which have one pattern each.
    private static IReadOnlyList<bool> Windowed(ModelKeys keys, Architecture architecture, int layers, ModelShape shape)
    {
        if (architecture.LayersDiffer)
            return ReadLayerSizes.Windowed(keys, layers);
        RequireSame("attention.key_length_swa", shape.HeadSize);
        RequireSame("attention.value_length_swa", shape.ValueHeadSize);
        RequireSame("rope.dimension_count_swa", keys.Size("rope.dimension_count", 2, shape.HeadSize, shape.HeadSize));
        if (architecture.WindowsEveryLayer)
            return [.. Enumerable.Range(0, layers).Select(shape.HasAttention)];
        var period = architecture.WindowPeriod;
        if (keys.Find("attention.sliding_window_pattern") is { Type: not GgufValueType.Array } given)
            period = given.Scalar<uint>();
        return [.. Enumerable.Range(0, layers).Select(il => period == 0 || il % period < period - 1)];

        void RequireSame(string key, int size)
        {
            if (keys.Size(key, 0, ModelKeys.MaximumWidth, size) is var found && found != size)
                throw keys.Fault(key, $"{size}, as in layers without a window", found);
        }
    }

    private static int Vocabulary(GgufFile file)
    {
        if (file.TryGetTensor("token_embd.weight", out var table))
            return table.Rows is > 0 and <= 1 << 24
                ? (int)table.Rows
                : throw new InputException($"{file.Path}: tensor token_embd.weight has {table.Rows} rows; expected one per token");
        throw new InputException($"{file.Path}: tensor token_embd.weight is missing; is this a vocabulary-only file?");
    }

    // What is called by this name in pages, Verilog and messages must be a name.
    private static string Name(string text, string place) =>
        NameGate.Fault(Short(text)) is { } fault ? throw new InputException($"{place} {fault}; give the model another name") : Short(text);

    // The first characters of a long name do; half a character could not be written.
    private static string Short(string text) =>
        text.Length <= NameGate.LongestName ? text
        : char.IsHighSurrogate(text[NameGate.LongestName - 1]) ? text[..(NameGate.LongestName - 1)]
        : text[..NameGate.LongestName];
}
