using TaalasSim.ChipModel.Chip;

namespace TaalasSim.Compiler.Graph;

/// <summary>Builds the operator graph of a decoder from its sizes and traits. One builder for every architecture: what differs is
/// data.</summary>
public static partial class BuildModelGraph
{
    /// <summary>The graph of that model.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="traits">What sets the model apart; its flags say which vectors there may be.</param>
    /// <param name="has">Whether the model has a vector that each layer may have or lack; null: every one that the traits allow.</param>
    public static ModelGraph From(ModelShape shape, ModelTraits traits, Func<string, bool>? has = null) =>
        shape.Patches is null ? new Builder(shape, traits, has ?? (_ => true)).Build() : new ModelGraph(shape, traits, []);

    /// <summary>The graph of a chip image, whose vector ROM says which vectors the model has.</summary>
    public static ModelGraph Of(ChipDescription chip) =>
        From(chip.Model, chip.Traits, chip.Vectors.Select(vector => vector.Name).ToHashSet(StringComparer.Ordinal).Contains);

    private sealed partial class Builder(ModelShape shape, ModelTraits traits, Func<string, bool> has)
    {
        private readonly List<Operator> _ops = [];
        private readonly HashSet<string> _scaled = new(traits.ScaledMatrices, StringComparer.Ordinal);

        private int Next => _ops.Count;

        public ModelGraph Build()
        {
            var x = Add(
                new EmbedOperator
                {
                    Id = Next,
                    Layer = -1,
                    Width = shape.EmbeddingLength,
                    Tensor = "token_embd.weight",
                    Scale = traits.EmbeddingScale,
                }
            );
            var inputs = shape.LayerEmbeddingLength > 0 ? LayerInputs(x) : -1;
            if (shape.ResidualStreams > 1)
                x = Spread(x);
            for (var layer = 0; layer < shape.Layers; layer++)
            {
                if (shape.ResidualStreams > 1)
                {
                    x = StreamLayer(x, inputs, layer);
                    continue;
                }

                x =
                    traits.ParallelFeedForward ? Parallel(x, layer)
                    : shape.FeedForwardLayers.Count == 0 ? FeedForward(Attention(x, layer), layer)
                    : shape.HasFeedForward(layer) ? FeedForward(x, layer)
                    : Attention(x, layer);
                if (inputs >= 0)
                    x = LayerInput(x, inputs, layer);
                if (Vector(traits.LayerOutputScale, $"blk.{layer}.layer_output_scale.weight") is { } scale)
                    x = Weigh(x, layer, scale, 1);
            }

            if (shape.ResidualStreams > 1)
                x = Merge(x);
            x = Norm(x, -1, traits.OutputNormIsEmbeddingNorm ? "token_embd_norm.weight" : "output_norm.weight");
            x = MatMul(
                x,
                -1,
                shape.TiedEmbeddings ? "token_embd.weight" : "output.weight",
                Vector(traits.OutputBias, "output.bias"),
                MatrixRole.Output,
                shape.VocabularySize
            );
            if (traits.LogitScale != 0)
                x = Scale(x, -1, traits.LogitScale);
            if (traits.FinalSoftCap > 0)
                SoftCap(x, -1, traits.FinalSoftCap);
            return new ModelGraph(shape, traits, _ops);
        }

        private int Attention(int x, int layer)
        {
            var prefix = $"blk.{layer}.";
            var input = traits.PreNorms ? Norm(x, layer, prefix + "attn_norm.weight") : x;
            var output =
                shape.HasAttention(layer) ? Heads(input, layer, prefix)
                : shape.Recurrence is { } sizes ? States(input, layer, prefix, sizes)
                : Convolution(input, layer, prefix);
            if (shape.Recurrence is { BesideAttention: true } beside)
                output = Sum(output, States(input, layer, prefix, beside), layer);
            if (traits.PostNorms)
                output = Norm(output, layer, prefix + "post_attention_norm.weight");
            return Residual(x, output, layer);
        }

        // A gated short convolution (LFM2): b, c and x of one projection; c · convolution(b · x).
        private int Convolution(int input, int layer, string prefix)
        {
            var width = shape.EmbeddingLength;
            var projected = MatMul(input, layer, prefix + "shortconv.in_proj.weight", null, MatrixRole.StateInput, 3 * width);
            var gated = Multiply(Slice(projected, layer, 0, width), Slice(projected, layer, 2 * width, width), layer);
            var convolved = Add(
                new ConvolutionOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = width,
                    Input = gated,
                    Weights = prefix + "shortconv.conv.weight",
                    Length = shape.ConvolutionLength,
                }
            );
            var output = Multiply(convolved, Slice(projected, layer, width, width), layer);
            return MatMul(output, layer, prefix + "shortconv.out_proj.weight", null, MatrixRole.StateOutput, width);
        }

        private int States(int input, int layer, string prefix, RecurrenceShape sizes) =>
            sizes.Kind == RecurrenceKind.GatedDeltaNet ? DeltaNet(input, layer, prefix, sizes) : Mamba2(input, layer, prefix, sizes);

        // Mamba-2. One matrix gives gates, values, keys, queries and time steps; a gate and a norm of each group follow the states.
        private int Mamba2(int input, int layer, string prefix, RecurrenceShape sizes)
        {
            var (width, inner) = ((int)sizes.ConvolutionWidth, (int)sizes.InnerLength);
            var all = State(input, layer, prefix + "ssm_in.weight", MatrixRole.StateInput, (int)sizes.InputWidth);
            var convolved = Convolved(Slice(all, layer, inner, width), layer, prefix, prefix + "ssm_conv1d.bias");
            var step = Slice(all, layer, inner + width, sizes.Heads);
            var heads = Add(
                new StateSpaceOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = inner,
                    Input = convolved,
                    Step = step,
                    StepBias = prefix + "ssm_dt.bias",
                    DecayRate = prefix + "ssm_a",
                    Skip = prefix + "ssm_d",
                    Sizes = sizes,
                }
            );
            var gated = Gate(Slice(all, layer, 0, inner), heads, layer, FeedForwardActivation.Silu);
            var norm = prefix + "ssm_norm.weight";
            if (!traits.OptionalStateNorm || has(norm))
                gated = Norm(gated, layer, norm, inner / sizes.Groups, ownWeights: sizes.Groups > 1);
            return State(gated, layer, prefix + "ssm_out.weight", MatrixRole.StateOutput, shape.EmbeddingLength);
        }

        // Over the last tokens, with silu.
        private int Convolved(int input, int layer, string prefix, string? bias) =>
            Add(
                new ConvolutionOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = _ops[input].Width,
                    Input = input,
                    Weights = prefix + "ssm_conv1d.weight",
                    Bias = bias,
                    Length = shape.ConvolutionLength,
                    Activated = true,
                }
            );

        // A gated delta net (Qwen3-Next). A norm of each head and a gate follow the states.
        private int DeltaNet(int input, int layer, string prefix, RecurrenceShape sizes)
        {
            var (mixed, gate) = DeltaInputs(input, layer, prefix, sizes);
            var (correction, step) = DeltaGates(input, layer, prefix, sizes);
            var convolved = Convolved(mixed, layer, prefix, null);
            var heads = Add(
                new DeltaNetOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = (int)sizes.InnerLength,
                    Input = convolved,
                    Correction = correction,
                    Step = step,
                    StepBias = prefix + "ssm_dt.bias",
                    DecayRate = prefix + "ssm_a",
                    Sizes = sizes,
                    Grouped = traits.GroupedDeltaHeads,
                }
            );
            var normed = Norm(heads, layer, prefix + "ssm_norm.weight", sizes.HeadSize);
            var gated = Gate(gate, normed, layer, FeedForwardActivation.Silu);
            return State(gated, layer, prefix + "ssm_out.weight", MatrixRole.StateOutput, shape.EmbeddingLength);
        }

        // What is convolved, and the gates of the values. Older files have both in one matrix, group by group: query, key, values, gates.
        private (int Mixed, int Gate) DeltaInputs(int input, int layer, string prefix, RecurrenceShape sizes)
        {
            var (width, inner) = ((int)sizes.ConvolutionWidth, (int)sizes.InnerLength);
            if (!traits.JoinedDeltaInput)
                return (
                    State(input, layer, prefix + "attn_qkv.weight", MatrixRole.StateInput, width),
                    State(input, layer, prefix + "attn_gate.weight", MatrixRole.StateInput, inner)
                );
            var all = State(input, layer, prefix + "ssm_in.weight", MatrixRole.StateInput, width + inner);
            var (size, values, groups) = (sizes.StateSize, inner / sizes.Groups, sizes.Groups);
            var query = Slice(all, layer, 0, size, groups);
            var key = Slice(all, layer, size, size, groups);
            var value = Slice(all, layer, 2 * size, values, groups);
            var gate = Slice(all, layer, (2 * size) + values, values, groups);
            return (Concat(Concat(query, key, layer, 1), value, layer, 1), gate);
        }

        private (int Correction, int Step) DeltaGates(int input, int layer, string prefix, RecurrenceShape sizes)
        {
            if (!traits.GroupedDeltaHeads)
                return (
                    State(input, layer, prefix + "ssm_beta.weight", MatrixRole.StateInput, sizes.Heads),
                    State(input, layer, prefix + "ssm_alpha.weight", MatrixRole.StateInput, sizes.Heads)
                );
            var both = State(input, layer, prefix + "ssm_ba.weight", MatrixRole.StateInput, 2 * sizes.Heads);
            var each = sizes.Heads / sizes.Groups;
            return (Slice(both, layer, 0, each, sizes.Groups), Slice(both, layer, each, each, sizes.Groups));
        }

        // llama.cpp leaves out the factors of these matrices where heads are grouped (qwen3next); then a file with them is refused.
        private int State(int input, int layer, string tensor, MatrixRole role, int width) =>
            MatMul(input, layer, tensor, null, role, width, scaled: !traits.GroupedDeltaHeads);

        private int Gate(int gate, int up, int layer, FeedForwardActivation activation) =>
            Add(
                new GateOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = _ops[gate].Width,
                    GateInput = gate,
                    UpInput = up,
                    Activation = activation,
                }
            );

        private int Multiply(int left, int right, int layer) =>
            Add(
                new MultiplyOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = _ops[left].Width,
                    Left = left,
                    Right = right,
                }
            );

        // Attention and feed-forward of the same input; llama.cpp adds the feed-forward's result first.
        private int Parallel(int x, int layer)
        {
            var prefix = $"blk.{layer}.";
            var input = Norm(x, layer, prefix + "attn_norm.weight");
            var attention = Heads(input, layer, prefix);
            return Residual(Residual(x, Dense(input, layer, prefix), layer), attention, layer);
        }

        private int Heads(int input, int layer, string prefix)
        {
            if (shape.KvLatentRank > 0)
                return LatentHeads(input, layer, prefix);
            var (size, own) = (shape.HeadSizeOf(layer), shape.KvSource(layer) == layer);
            var (queryWidth, keyWidth) = (shape.Heads * size, shape.KvHeadsOf(layer) * size);
            var projected = queryWidth * (shape.GatedAttention ? 2 : 1);
            var (q, k, v) = own
                ? Projections(input, layer, prefix, projected, keyWidth)
                : (Project(input, layer, prefix, "attn_q", MatrixRole.Query, projected), -1, -1);
            // Each head's query, and the gate of what it says.
            var gate = shape.GatedAttention ? Slice(q, layer, size, size, shape.Heads) : -1;
            if (shape.GatedAttention)
                q = Slice(q, layer, 0, size, shape.Heads);
            if (own && traits.ValueNorm)
                v = Norm(v, layer, null, shape.ValueHeadSizeOf(layer));
            if (traits.QkNorm is QkNorm.Head or QkNorm.Projection)
                (q, k) = QkNorms(q, k, layer, prefix);
            if (traits.IsRotated(layer))
            {
                q = Rope(q, layer, queryWidth, size);
                if (own)
                    k = Rope(k, layer, keyWidth, size);
            }

            if (traits.QkNorm == QkNorm.HeadAfterRope || (traits.QkNorm == QkNorm.PlainHeadAfterRope && traits.IsRotated(layer)))
                (q, k) = QkNorms(q, k, layer, prefix);

            var attention = Attend(q, k, v, layer, prefix);
            if (shape.GatedAttention)
                attention = Gate(gate, attention, layer, FeedForwardActivation.Sigmoid);
            return MatMul(
                attention,
                layer,
                prefix + "attn_output.weight",
                Vector(traits.AttentionOutputBias, prefix + "attn_output.bias"),
                MatrixRole.AttentionOutput,
                shape.EmbeddingLength
            );
        }

        private int Attend(int query, int key, int value, int layer, string prefix) =>
            Add(
                new AttentionOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = shape.Heads * shape.ValueHeadSizeOf(layer),
                    Query = query,
                    Key = key,
                    Value = value,
                    Source = shape.KvSource(layer) == layer ? -1 : shape.KvSource(layer),
                    Heads = shape.Heads,
                    KvHeads = shape.KvHeadsOf(layer),
                    HeadSize = shape.HeadSizeOf(layer),
                    Window = traits.IsWindowed(layer) ? shape.SlidingWindow : 0,
                    Sinks = traits.AttentionSinks ? prefix + "attn_sinks.weight" : null,
                }
            );

        private (int Query, int Key) QkNorms(int q, int k, int layer, string prefix)
        {
            return (Each(q, prefix + "attn_q_norm.weight"), k < 0 ? k : Each(k, prefix + "attn_k_norm.weight"));

            int Each(int value, string weight) =>
                traits.OptionalQkNorm && !has(weight)
                    ? value
                    : Norm(
                        value,
                        layer,
                        traits.QkNorm == QkNorm.PlainHeadAfterRope ? null : weight,
                        traits.QkNorm == QkNorm.Projection ? 0 : shape.HeadSizeOf(layer)
                    );
        }

        private (int Query, int Key, int Value) Projections(int input, int layer, string prefix, int queryWidth, int keyWidth)
        {
            var valueWidth = shape.KvHeadsOf(layer) * shape.ValueHeadSizeOf(layer);
            if (!traits.FusedQkv)
            {
                var query = Project(input, layer, prefix, "attn_q", MatrixRole.Query, queryWidth);
                var key = Project(input, layer, prefix, "attn_k", MatrixRole.Key, keyWidth);
                var both = shape.KeysAreValues && !shape.IsWindowed(layer);
                return (query, key, both ? key : Project(input, layer, prefix, "attn_v", MatrixRole.Value, valueWidth));
            }

            var fused = Project(input, layer, prefix, "attn_qkv", MatrixRole.QueryKeyValue, queryWidth + keyWidth + valueWidth);
            return (
                Slice(fused, layer, 0, queryWidth),
                Slice(fused, layer, queryWidth, keyWidth),
                Slice(fused, layer, queryWidth + keyWidth, valueWidth)
            );
        }

        private int Project(int input, int layer, string prefix, string name, MatrixRole role, int width) =>
            MatMul(input, layer, $"{prefix}{name}.weight", Vector(traits.QkvBias, $"{prefix}{name}.bias"), role, width);

        // Multi-head latent attention (DeepSeek-V2, arXiv:2405.04434, §2.1): queries, keys and values go through narrow vectors, and only
        // that of keys and values is kept, with a rotated part that all heads share. The expansion of keys is absorbed into the query and
        // that of values follows the sum, so that attention runs on the kept vectors as they are.
        private int LatentHeads(int input, int layer, string prefix)
        {
            var (rank, rope, plain) = (shape.KvLatentRank, shape.RopeHeadSize, shape.HeadSize - shape.RopeHeadSize);
            var q = LatentQuery(input, layer, prefix);
            var joint = MatMul(input, layer, prefix + "attn_kv_a_mqa.weight", null, MatrixRole.Latent, rank + rope);
            var keyPart = Rope(Slice(joint, layer, rank, rope), layer, rope, rope);
            var kept = Norm(Slice(joint, layer, 0, rank), layer, prefix + "attn_kv_a_norm.weight");
            var queryPart = Rope(Slice(q, layer, plain, rope, shape.Heads), layer, shape.Heads * rope, rope);
            var absorbed = PerHead(Slice(q, layer, 0, plain, shape.Heads), layer, prefix + "attn_k_b.weight", MatrixRole.LatentKey, rank);
            var query = Concat(absorbed, queryPart, layer, shape.Heads);
            var key = Concat(kept, keyPart, layer, 1);
            var attention = Add(
                new AttentionOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = shape.Heads * rank,
                    Query = query,
                    Key = key,
                    Value = kept,
                    Heads = shape.Heads,
                    KvHeads = 1,
                    HeadSize = rank + rope,
                    Window = 0,
                }
            );
            var values = PerHead(attention, layer, prefix + "attn_v_b.weight", MatrixRole.LatentValue, shape.EffectiveValueHeadSize);
            return MatMul(values, layer, prefix + "attn_output.weight", null, MatrixRole.AttentionOutput, shape.EmbeddingLength);
        }

        private int LatentQuery(int input, int layer, string prefix)
        {
            var tensor = "attn_q.weight";
            if (shape.QueryLatentRank > 0)
            {
                input = MatMul(input, layer, prefix + "attn_q_a.weight", null, MatrixRole.Latent, shape.QueryLatentRank);
                input = Norm(input, layer, prefix + "attn_q_a_norm.weight");
                tensor = "attn_q_b.weight";
            }

            return MatMul(input, layer, prefix + tensor, null, MatrixRole.Latent, shape.Heads * shape.HeadSize);
        }

        private int PerHead(int input, int layer, string tensor, MatrixRole role, int outputs) =>
            PerHead(input, layer, tensor, role, outputs, shape.Heads);

        private int PerHead(int input, int layer, string tensor, MatrixRole role, int outputs, int heads) =>
            Add(
                new HeadMatMulOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = heads * outputs,
                    Input = input,
                    Tensor = tensor,
                    Role = role,
                    Heads = heads,
                    HeadInputs = _ops[input].Width / heads,
                }
            );

        private int Concat(int left, int right, int layer, int groups) =>
            Add(
                new ConcatOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = _ops[left].Width + _ops[right].Width,
                    Left = left,
                    Right = right,
                    Groups = groups,
                }
            );

        private int FeedForward(int x, int layer)
        {
            var prefix = $"blk.{layer}.";
            var normName =
                shape.FeedForwardLayers.Count > 0 ? "attn_norm.weight"
                : traits.FeedForwardNormIsPostAttention ? "post_attention_norm.weight"
                : traits.BareFeedForwardNorm ? "ffn_norm"
                : "ffn_norm.weight";
            var input = traits.PreNorms ? Norm(x, layer, prefix + normName) : x;
            var output =
                !shape.IsMixture(layer) ? Dense(input, layer, prefix)
                : shape.ExpertsBesideDense ? ExpertsBesideDense(x, input, layer, prefix)
                : Experts(input, layer, prefix);
            if (traits.PostNorms)
                output = Norm(output, layer, prefix + "post_ffw_norm.weight");
            return Residual(x, output, layer);
        }

        private int Dense(int input, int layer, string prefix)
        {
            var width = shape.FeedForwardLengthOf(layer);
            var shared = shape.IsMixture(layer);
            int gate,
                up;
            if (!shape.Gated)
            {
                gate = up = Inner("ffn_up", MatrixRole.Up);
            }
            else if (traits.FusedGateUp)
            {
                var fused = MatMul(input, layer, prefix + "ffn_up.weight", null, MatrixRole.GateUp, 2 * width);
                gate = Slice(fused, layer, 0, width);
                up = Slice(fused, layer, width, width);
            }
            else
            {
                gate = Inner("ffn_gate", shared ? MatrixRole.SharedGate : MatrixRole.Gate);
                up = Inner("ffn_up", shared ? MatrixRole.SharedUp : MatrixRole.Up);
            }

            int Inner(string name, MatrixRole role) =>
                MatMul(input, layer, $"{prefix}{name}.weight", Vector(traits.FeedForwardBias, $"{prefix}{name}.bias"), role, width);
            if (layer < traits.SparseLayers)
                gate = Add(
                    new CutOperator
                    {
                        Id = Next,
                        Layer = layer,
                        Width = width,
                        Input = gate,
                        Deviations = traits.SparsityDeviations,
                    }
                );
            var gated = Gate(gate, up, layer, traits.Activation);
            return MatMul(
                gated,
                layer,
                prefix + "ffn_down.weight",
                Vector(traits.FeedForwardBias, prefix + "ffn_down.bias"),
                shared ? MatrixRole.SharedDown : MatrixRole.Down,
                shape.EmbeddingLength
            );
        }

        private int Experts(int input, int layer, string prefix, int routerInput = -1)
        {
            var shared = shape.SharedExpertFeedForwardLength > 0 && !shape.ExpertsBesideDense;
            var gate = shape.Gated && !traits.JoinedExperts ? prefix + "ffn_gate_exps.weight" : null;
            var up = prefix + (traits.JoinedExperts ? "ffn_gate_up_exps.weight" : "ffn_up_exps.weight");
            return Add(
                new ExpertsOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = shape.EmbeddingLength,
                    Input = input,
                    RouterInput = routerInput,
                    Router = prefix + "ffn_gate_inp.weight",
                    RouterBias = traits.ExpertBias ? prefix + "ffn_gate_inp.bias" : null,
                    ChoiceBias = Vector(traits.ExpertChoiceBias, prefix + "exp_probs_b.bias"),
                    Gate = gate,
                    Up = up,
                    JoinedGate = traits.JoinedExperts,
                    Down = prefix + "ffn_down_exps.weight",
                    GateScale = gate is null ? null : Scale(gate),
                    UpScale = traits.JoinedExperts ? null : Scale(up),
                    DownScale = Scale(prefix + "ffn_down_exps.weight"),
                    GateBias = traits.ExpertBias ? prefix + "ffn_gate_exps.bias" : null,
                    UpBias = traits.ExpertBias ? prefix + "ffn_up_exps.bias" : null,
                    DownBias = traits.ExpertBias ? prefix + "ffn_down_exps.bias" : null,
                    Experts = shape.Experts,
                    ExpertsUsed = shape.ExpertsUsed,
                    ExpertWidth = shape.ExpertFeedForwardLength,
                    Activation = traits.Activation,
                    Gating = traits.ExpertGating,
                    SharedRouter = shared && !traits.PlainSharedExpert ? prefix + "ffn_gate_inp_shexp.weight" : null,
                    SharedGate = shared && shape.Gated ? prefix + "ffn_gate_shexp.weight" : null,
                    SharedUp = shared ? prefix + "ffn_up_shexp.weight" : null,
                    SharedDown = shared ? prefix + "ffn_down_shexp.weight" : null,
                    SharedWidth = shared ? shape.SharedExpertFeedForwardLength : 0,
                }
            );
        }

        private int Norm(int input, int layer, string? weight, int group = 0, bool ownWeights = false)
        {
            var width = _ops[input].Width;
            return Add(
                new NormOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = width,
                    Input = input,
                    Weight = weight,
                    GroupWidth = group > 0 ? group : width,
                    Centred = traits.CentredNorms,
                    OwnWeights = ownWeights,
                }
            );
        }

        private int MatMul(int input, int layer, string tensor, string? bias, MatrixRole role, int width, bool scaled = true) =>
            Add(
                new MatMulOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = width,
                    Input = input,
                    Tensor = tensor,
                    Scale = scaled ? Scale(tensor) : null,
                    Bias = bias,
                    Role = role,
                }
            );

        private string? Vector(bool allowed, string name) => allowed && has(name) ? name : null;

        private string? Scale(string tensor) => _scaled.Contains(tensor) ? ModelTraits.ScaleOf(tensor) : null;

        private int Slice(int input, int layer, int from, int width, int groups = 1) =>
            Add(
                new SliceOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = groups * width,
                    Input = input,
                    From = from,
                    Groups = groups,
                }
            );

        private int Rope(int input, int layer, int width, int headSize) =>
            Add(
                new RopeOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = width,
                    Input = input,
                    HeadSize = headSize,
                    Windowed = traits.IsWindowed(layer),
                }
            );

        private int Residual(int x, int branch, int layer)
        {
            if (traits.ResidualScale != 0)
                branch = Scale(branch, layer, traits.ResidualScale);
            return Sum(x, branch, layer);
        }

        private int Sum(int left, int right, int layer) =>
            Add(
                new AddOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = _ops[left].Width,
                    Left = left,
                    Right = right,
                }
            );

        private int Weigh(int input, int layer, string weights, int count) =>
            Add(
                new WeighOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = _ops[input].Width,
                    Input = input,
                    Weights = weights,
                    Count = count,
                }
            );

        private int SoftCap(int input, int layer, float cap) =>
            Add(
                new SoftCapOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = _ops[input].Width,
                    Input = input,
                    Cap = cap,
                }
            );

        private int Scale(int input, int layer, float factor) =>
            Add(
                new ScaleOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = _ops[input].Width,
                    Input = input,
                    Factor = factor,
                }
            );

        private int Add(Operator op)
        {
            _ops.Add(op);
            return op.Id;
        }
    }
}
