using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Import;

/// <summary>Reads what a decoder layer does beside its sizes.</summary>
internal static class ReadTraits
{
    /// <summary>Traits of a model.</summary>
    /// <param name="file">The file.</param>
    /// <param name="keys">Its keys.</param>
    /// <param name="architecture">Its architecture.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="windowed">For each layer, whether it sees only the window; empty when none is windowed.</param>
    /// <exception cref="InputException">A key is out of range.</exception>
    public static ModelTraits From(GgufFile file, ModelKeys keys, Architecture architecture, ModelShape shape, IReadOnlyList<bool> windowed)
    {
        var traits = Recurrent(Plain(file, keys, architecture, shape, windowed), keys, architecture, shape);
        traits = traits with
        {
            ValueNorm = architecture.ValueNorm,
            SparseLayers = Math.Min(architecture.Sparsity.Layers, shape.Layers),
            SparsityDeviations = architecture.Sparsity.Deviations,
            LayerOutputScale = Uses(file, architecture, [ArchitectureTensors.LayerOutputScale]),
            UnwindowedRopeFactors = architecture.LayersDiffer,
            JoinedExperts =
                architecture.JoinsExperts
                && shape.Experts > 0
                && keys.HasTensor($"blk.{Enumerable.Range(0, shape.Layers).First(shape.IsMixture)}.ffn_gate_up_exps.weight"),
        };
        return architecture.LatentAttention ? ReadLatentAttention.Scaled(traits, keys, architecture, shape) : traits;
    }

    // The first layer without attention says how what enters delta nets is stored.
    private static ModelTraits Recurrent(ModelTraits traits, ModelKeys keys, Architecture architecture, ModelShape shape)
    {
        if (architecture.States != StateRule.DeltaNet)
            return traits with
            {
                OptionalStateNorm = architecture.OptionalStateNorm,
                BareFeedForwardNorm = architecture.BareFeedForwardNorm,
            };
        var first = Enumerable.Range(0, shape.Layers).First(layer => !shape.HasAttention(layer));
        return traits with
        {
            SigmoidSharedExpert = architecture.SharedExpert == SharedExpertRule.WeighedBySigmoid,
            GroupedDeltaHeads = architecture.GroupedDeltaHeads,
            JoinedDeltaInput =
                architecture.GroupedDeltaHeads
                && keys.HasTensor($"blk.{first}.ssm_in.weight")
                && !keys.HasTensor($"blk.{first}.attn_qkv.weight"),
        };
    }

    private static ModelTraits Plain(
        GgufFile file,
        ModelKeys keys,
        Architecture architecture,
        ModelShape shape,
        IReadOnlyList<bool> windowed
    ) =>
        Rope(keys, architecture, shape) with
        {
            RopeBaseWindowed = architecture.WindowedRopeBase is { } windowedBase ? keys.Real("rope.freq_base_swa", windowedBase) : 0,
            AttentionScale =
                architecture.ReadsScales ? Scale(keys, "attention.scale")
                : architecture.AttentionScale > 0 ? architecture.AttentionScale
                : shape.Layers == architecture.LayersScaledByWidth ? 1 / MathF.Sqrt(shape.EmbeddingLength / shape.Heads)
                : 0,
            AttentionTemperatureScale = architecture.UnrotatedTemperature?.Scale
                ?? (architecture.ReadsYarnKeys ? keys.Real("attention.temperature_scale", 0) : 0),
            AttentionTemperatureLength = architecture.UnrotatedTemperature?.Length ?? 0,
            AttentionTemperatureOffset = architecture.UnrotatedTemperature?.Offset ?? 0,
            AttentionTemperatureUnrotated = architecture.UnrotatedTemperature is not null,
            ChunkedWindow = architecture.ChunkedWindow,
            ScaleQuery = architecture.ScaleQuery,
            AttentionSoftCap = architecture.AttentionSoftCap is { } cap ? keys.Real("attn_logit_softcapping", cap) : 0,
            FinalSoftCap = FinalSoftCap(keys, architecture),
            EmbeddingScale =
                architecture.ReadsScales ? Scale(keys, "embedding_scale")
                : architecture.ScalesEmbedding ? MathF.Sqrt(shape.EmbeddingLength)
                : 0,
            ResidualScale = architecture.ReadsScales ? Scale(keys, "residual_scale") : 0,
            LogitScale = LogitScale(keys, architecture),
            UnrotatedLayers = Unrotated(keys, architecture, shape.Layers, windowed),
            StillPairs = StillPairs(keys, architecture, shape.HeadSize),
            WindowedLayers = windowed,
            FusedQkv =
                architecture.States != StateRule.DeltaNet
                && keys.HasTensor($"blk.{shape.AttentionLayers.DefaultIfEmpty(0).Min()}.attn_qkv.weight"),
            FusedGateUp = architecture.FusesGateUp && !keys.HasTensor("blk.0.ffn_gate.weight"),
            QkvBias = Uses(file, architecture, ArchitectureTensors.QkvBiases),
            AttentionOutputBias = Uses(file, architecture, [ArchitectureTensors.AttentionOutputBias]),
            FeedForwardBias = Uses(file, architecture, ArchitectureTensors.FeedForwardBiases),
            OutputBias = Uses(file, architecture, [ArchitectureTensors.OutputBias]),
            ScaledMatrices = Scaled(file, shape),
            QkNorm = Norm(keys, architecture),
            OptionalQkNorm = architecture.OptionalQkNorm,
            CentredNorms = architecture.CentredNorms,
            ParallelFeedForward = architecture.ParallelFeedForward,
            PreNorms = architecture.PreNorms,
            PostNorms = architecture.PostNorms,
            FeedForwardNormIsPostAttention = architecture.FeedForwardNormIsPostAttention,
            OutputNormIsEmbeddingNorm = architecture.OutputNormIsEmbeddingNorm,
            AttentionSinks = Uses(file, architecture, [ArchitectureTensors.AttentionSinks]),
            Activation = architecture.Activation,
            ExpertGating = shape.Experts > 0 ? Gating(keys, architecture, shape) : architecture.ExpertGating,
            ExpertChoiceBias = Uses(file, architecture, [ArchitectureTensors.ExpertChoiceBias]),
            ExpertWeightScale = architecture.ReadsExpertWeights ? keys.Real("expert_weights_scale", 0) : 0,
            ExpertGroups = Groups(keys, shape).All,
            ExpertGroupsUsed = Groups(keys, shape).Used,
            WeighsExpertInput = architecture.WeighsExpertInput,
            PlainSharedExpert =
                architecture.SharedExpert is not (SharedExpertRule.None or SharedExpertRule.Weighed or SharedExpertRule.WeighedBySigmoid),
            ExpertBias = Uses(file, architecture, ArchitectureTensors.ExpertBiases),
            MaskToken =
                shape.Causal ? -1
                : file.Metadata.TryGet<uint>("tokenizer.ggml.mask_token_id", out var mask) ? (int)mask
                : architecture.MaskToken,
            ShiftLogits = !shape.Causal && file.Metadata.Get("diffusion.shift_logits", true),
        };

    private static ModelTraits Rope(ModelKeys keys, Architecture architecture, ModelShape shape)
    {
        var scaling = keys.Text("rope.scaling.type", "none");
        if (scaling is not ("none" or "linear" or "yarn" or "longrope"))
            throw keys.Fault("rope.scaling.type", "none, linear, yarn or longrope", scaling);
        var factor = keys.Real("rope.scaling.factor", keys.Real("rope.scale_linear", 0));
        if (factor < 0)
            throw keys.Fault("rope.scaling.factor", "a positive number", factor);
        if (factor == 0 || (scaling == "none" && keys.Has("rope.scaling.type")))
            factor = 1;
        var rotary = keys.Size("rope.dimension_count", 2, shape.HeadSize, shape.HeadSize);
        if (architecture.RotatesWholeHeads && rotary != shape.HeadSize)
            throw keys.Fault("rope.dimension_count", $"the head size {shape.HeadSize}", rotary);
        if ((rotary & 1) != 0)
            throw keys.Fault("rope.dimension_count", "an even number", rotary);
        // One of the pair alone is refused as missing its other.
        var longRope =
            (
                architecture.RopeFactorPair == RopeFactorPair.Always
                || (architecture.RopeFactorPair == RopeFactorPair.WithLongRope && scaling == "longrope")
            ) && (keys.HasTensor("rope_factors_long.weight") || keys.HasTensor("rope_factors_short.weight"));
        // llama.cpp divides by it or compares with it as it stands.
        if (
            keys.Has("rope.scaling.original_context_length")
            && (longRope || (architecture.ReadsYarnKeys && keys.Real("attention.temperature_scale", 0) != 0))
        )
            keys.Size("rope.scaling.original_context_length", 1, int.MaxValue);
        float Yarn(string key, float absent) => architecture.ReadsYarnKeys ? keys.Real($"rope.scaling.yarn_{key}", absent) : absent;
        return new ModelTraits
        {
            NormEpsilon = architecture.EpsilonKey is { } epsilon ? keys.RequiredReal(epsilon) : 0,
            RotaryLength = rotary,
            WindowedRotaryLength = architecture.LayersDiffer ? WindowedRotary(keys, shape, rotary) : 0,
            RopeBase = RopeBase(keys, architecture, shape.HeadSize),
            RopeNeox = architecture.RopeNeox,
            WindowedRope = architecture.WindowedRope,
            RopeScalingFactor = factor,
            RopeMagnitude = keys.Real("rope.scaling.attn_factor", 1),
            Yarn = scaling == "yarn",
            YarnBetaFast = Yarn("beta_fast", 32),
            YarnBetaSlow = Yarn("beta_slow", 1),
            YarnLogMultiplier = Yarn("log_multiplier", 0),
            OriginalContextLength = keys.Size("rope.scaling.original_context_length", 0, int.MaxValue, 0) is > 0 and var original
                ? original
                : shape.ContextLength,
            RopeFactors =
                longRope ? RopeFactors.LongRope
                // Layers that see everything must have them.
                : architecture.LayersDiffer ? RopeFactors.Frequencies
                : architecture.Optional.Contains(ArchitectureTensors.RopeFrequencies, StringComparer.Ordinal)
                && keys.HasTensor(ArchitectureTensors.RopeFrequencies)
                && !(architecture.RopeFactorPair == RopeFactorPair.WithLongRope && scaling == "longrope")
                    ? RopeFactors.Frequencies
                : RopeFactors.None,
        };
    }

    private static float FinalSoftCap(ModelKeys keys, Architecture architecture) =>
        architecture.FixedSoftCap > 0 ? architecture.FixedSoftCap
        : architecture.FinalSoftCap is { } absent ? keys.Real("final_logit_softcapping", absent)
        : 0;

    private static int WindowedRotary(ModelKeys keys, ModelShape shape, int rotary)
    {
        const string Key = "rope.dimension_count_swa";
        var size = shape.WindowedHeadSize > 0 ? shape.WindowedHeadSize : shape.HeadSize;
        var windowed = keys.Size(Key, 2, size, rotary);
        if (windowed > size || windowed % 2 != 0)
            throw keys.Fault(Key, $"an even number up to {size}", windowed);
        return windowed == rotary ? 0 : windowed;
    }

    // NTK-aware scaling, with the roundings of llama.cpp.
    private static float RopeBase(ModelKeys keys, Architecture architecture, int headSize)
    {
        var given = keys.Real("rope.freq_base", 10000);
        var alpha = architecture.ReadsRopeAlpha ? keys.Real("rope.scaling.alpha", 0) : 0;
        return alpha > 0 ? given * MathF.Pow(alpha, headSize / (float)(headSize - 2)) : given;
    }

    /// <summary>What norms of queries and keys a model has.</summary>
    internal static QkNorm Norm(ModelKeys keys, Architecture architecture) =>
        architecture.ExpertsWithoutQkNorm > 0 && keys.Size("expert_count", 0, int.MaxValue, 0) == architecture.ExpertsWithoutQkNorm
        || (architecture.OptionalQkNorm && !keys.HasTensor("blk.0.attn_q_norm.weight") && !keys.HasTensor("blk.0.attn_k_norm.weight"))
            ? QkNorm.None
            : architecture.QkNorm;

    private static ExpertGating Gating(ModelKeys keys, Architecture architecture, ModelShape shape)
    {
        const string Key = "expert_gating_func";
        var gating =
            architecture.LatentAttention && ReadLatentAttention.HasSigmoidRouter(keys, shape, ReadModel.Layers(keys, architecture).All)
                ? ExpertGating.SigmoidRenormalised
                : architecture.ExpertGating;
        if (architecture.ReadsGating)
            gating = keys.Size(Key, 0, int.MaxValue, 0) switch
            {
                0 => gating,
                1 => ExpertGating.SoftmaxRenormalised,
                2 => ExpertGating.SigmoidRenormalised,
                var other => throw keys.Fault(Key, "1 (softmax) or 2 (sigmoid)", other),
            };
        if (!architecture.ReadsExpertWeights || keys.IsTrue("expert_weights_norm"))
            return gating;
        return gating == ExpertGating.SoftmaxRenormalised ? ExpertGating.Softmax : ExpertGating.Sigmoid;
    }

    private static (int All, int Used) Groups(ModelKeys keys, ModelShape shape)
    {
        const string Key = "expert_group_count";
        var groups = keys.Size(Key, 0, int.MaxValue, 0);
        if (groups <= 1)
            return (0, 0);
        // The score of a group is the sum of its two best experts.
        if (shape.Experts % groups != 0 || shape.Experts / groups < 2)
            throw keys.Fault(Key, $"a divisor of expert_count {shape.Experts} that leaves two in a group", groups);
        var used = keys.Size("expert_group_used_count", 1, groups - 1);
        return used * (shape.Experts / groups) >= shape.ExpertsUsed
            ? (groups, used)
            : throw keys.Fault("expert_group_used_count", $"groups of together {shape.ExpertsUsed} experts, as are used", used);
    }

    // A factor that is 0 or absent is none.
    private static float Scale(ModelKeys keys, string key) =>
        keys.Real(key, 0) is >= 0 and var scale ? scale : throw keys.Fault(key, "a number from 0", keys.Real(key, 0));

    private static float LogitScale(ModelKeys keys, Architecture architecture)
    {
        const string Key = "logit_scale";
        if (architecture.LogitScale == LogitScaleRule.None)
            return 0;
        if (architecture.LogitScale == LogitScaleRule.DividesWhereGiven && keys.Real(Key, 0) == 0)
            return 0;
        var scale = keys.RequiredReal(Key);
        if (architecture.LogitScale == LogitScaleRule.Multiplies)
            return scale;
        return scale > 0 && float.IsFinite(1 / scale) ? 1 / scale : throw keys.Fault(Key, "a positive number", scale);
    }

    private static IReadOnlyList<bool> Unrotated(ModelKeys keys, Architecture architecture, int layers, IReadOnlyList<bool> windowed) =>
        architecture.Unrotated switch
        {
            UnrotatedRule.All => [.. Enumerable.Repeat(true, layers)],
            UnrotatedRule.EveryFourth => [.. Enumerable.Range(1, layers).Select(layer => layer % 4 == 0)],
            UnrotatedRule.WithoutWindow => [.. windowed.Select(w => !w)],
            UnrotatedRule.UnlessFinetuned when keys.IsFalse("rope.scaling.finetuned") => [.. Enumerable.Repeat(true, layers)],
            _ => [],
        };

    // As ggml_mrope_cache_init shares out the pairs; those of the fourth position stay, as it is 0 in text.
    private static IReadOnlyList<int> StillPairs(ModelKeys keys, Architecture architecture, int headSize)
    {
        const string Key = "rope.dimension_sections";
        if (architecture.RopeSections == RopeSections.None)
            return [];
        var given = keys.Find(Key) is { Type: GgufValueType.Array } value ? keys.Integers(value) : [];
        if (architecture.RopeSections == RopeSections.OptionalBlocks && !(given.Count >= 2 && given[0] > 0 && given[1] > 0))
            return [];
        // llama.cpp wants four of them and takes the modulus of a pair by their sum.
        if (given.Count != 4 || given.Any(n => n < 0 || n > headSize) || given.Sum() is 0 || given.Sum() > headSize)
            throw keys.Fault(Key, $"four lengths of together 1…{headSize}", $"[{string.Join(", ", given)}]");
        var still = new List<int>();
        for (var pair = 0; pair < headSize / 2; pair++)
        {
            var at = pair % given.Sum();
            var moves =
                architecture.RopeSections != RopeSections.Interleaved ? at < given[0] + given[1] + given[2] : at < 3 * given[(int)(at % 3)];
            if (!moves)
                still.Add(pair);
        }

        return still;
    }

    // Whether the architecture must have one of these vectors, or may and has it in any layer.
    private static bool Uses(GgufFile file, Architecture architecture, IReadOnlyList<string> names) =>
        names.Any(name => architecture.Required.Contains(name, StringComparer.Ordinal))
        || file.Tensors.Any(tensor =>
        {
            var (name, _) = ArchitectureTensors.Split(tensor.Name);
            return names.Contains(name, StringComparer.Ordinal) && architecture.Optional.Contains(name, StringComparer.Ordinal);
        });

    // Beside a matrix NAME.weight of an NVFP4 model: NAME.scale. Those of activations, NAME.input_scale, are for other arithmetic.
    private static IReadOnlyList<string> Scaled(GgufFile file, ModelShape shape)
    {
        const string End = ".scale";
        string[] matrices =
        [
            .. file.Tensors.Where(t => t.Name.EndsWith(End, StringComparison.Ordinal)).Select(t => t.Name[..^End.Length] + ".weight"),
        ];
        // That of the router belongs to what it reads.
        if (shape.ExpertsBesideDense)
            matrices = [.. matrices.Where(name => !name.EndsWith(".ffn_gate_inp.weight", StringComparison.Ordinal))];
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
                    $"{file.Path}: model error: tensor {name[..^7]}{End} scales a matrix that has no factor in this architecture; "
                        + "convert the model again"
                );
        }

        return matrices;
    }
}
