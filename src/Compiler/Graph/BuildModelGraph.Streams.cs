using TaalasSim.ChipModel.Chip;

namespace TaalasSim.Compiler.Graph;

public static partial class BuildModelGraph
{
    // Alternating updates (AltUp, arXiv:2301.13310): the residual stream has several copies side by side, of which the layer computes the
    // first; all of them are predicted before, and corrected after it by what the layer found.
    private sealed partial class Builder
    {
        private int Width => shape.EmbeddingLength;

        private int Copies => shape.ResidualStreams - 1;

        // The copies are projections of the embedding with its length.
        private int Spread(int x)
        {
            var added = Match(Copied(Repeated(x, -1), -1, "altup_proj.weight"), x, -1);
            return Concat(x, added, -1, 1);
        }

        // Back to one: the mean of the first and of projections of the others with its length.
        private int Merge(int streams)
        {
            var first = Slice(streams, -1, 0, Width);
            var others = Match(Copied(Slice(streams, -1, Width, Copies * Width), -1, "altup_unembd_proj.weight"), first, -1);
            var sum = Slice(streams, -1, 0, Width);
            for (var copy = 0; copy < Copies; copy++)
                sum = Sum(sum, Slice(others, -1, copy * Width, Width), -1);
            return Scale(sum, -1, 1 / (float)shape.ResidualStreams);
        }

        private int StreamLayer(int streams, int inputs, int layer)
        {
            var prefix = $"blk.{layer}.";
            var router = StreamRouter(Slice(streams, layer, 0, Width), layer, prefix);
            var predicted = Add(
                new PredictOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = _ops[streams].Width,
                    Streams = streams,
                    Router = router,
                    Coefficients = prefix + "altup_predict_coef.weight",
                    Count = shape.ResidualStreams,
                }
            );
            var active = Slice(predicted, layer, 0, Width);
            var activated = StreamFeedForward(StreamAttention(active, layer, prefix), layer, prefix);
            router = StreamRouter(activated, layer, prefix);
            var corrected = Add(
                new CorrectOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = _ops[streams].Width,
                    Predicted = predicted,
                    Activated = activated,
                    Router = router,
                    Coefficients = prefix + "altup_correct_coef.weight",
                    Count = shape.ResidualStreams,
                }
            );
            // The layer's own vector is added to the copies alone.
            var first = Weigh(Slice(corrected, layer, 0, Width), layer, prefix + "altup_correct_scale.weight", Width);
            var branch = LayerBranch(first, inputs, layer);
            var others = Sum(Slice(corrected, layer, Width, Copies * Width), Repeated(branch, layer), layer);
            return Concat(Slice(corrected, layer, 0, Width), others, layer, 1);
        }

        // Beside attention is a low-rank layer of the same norm (LAuReL, arXiv:2411.07501); llama.cpp divides the sum by √2.
        private int StreamAttention(int active, int layer, string prefix)
        {
            var normed = Norm(active, layer, prefix + "attn_norm.weight");
            var low = MatMul(normed, layer, prefix + "laurel_l.weight", null, MatrixRole.LowRank, shape.LowRank);
            low = Norm(
                MatMul(low, layer, prefix + "laurel_r.weight", null, MatrixRole.LowRank, Width),
                layer,
                prefix + "laurel_post_norm.weight"
            );
            low = Sum(low, normed, layer);
            var attention = Norm(Heads(normed, layer, prefix), layer, prefix + "post_attention_norm.weight");
            return Scale(Sum(Sum(attention, active, layer), low, layer), layer, 1 / MathF.Sqrt(2));
        }

        private int StreamFeedForward(int x, int layer, string prefix)
        {
            var output = Dense(Norm(x, layer, prefix + "ffn_norm.weight"), layer, prefix);
            return Sum(Norm(output, layer, prefix + "post_ffw_norm.weight"), x, layer);
        }

        // A number from −1 to 1 for each stream.
        private int StreamRouter(int x, int layer, string prefix)
        {
            var normed = Scale(Norm(x, layer, prefix + "altup_router_norm.weight"), layer, 1 / (float)Width);
            var router = MatMul(
                normed,
                layer,
                prefix + "altup_router.weight",
                null,
                MatrixRole.StreamRouter,
                shape.ResidualStreams,
                scaled: false
            );
            return SoftCap(router, layer, 1);
        }

        private int Repeated(int x, int layer)
        {
            var all = x;
            for (var copy = 1; copy < Copies; copy++)
                all = Concat(all, x, layer, 1);
            return all;
        }

        private int Copied(int x, int layer, string tensor) => PerHead(x, layer, tensor, MatrixRole.StreamProjection, Width, Copies);

        private int Match(int values, int target, int layer) =>
            Add(
                new MatchLengthOperator
                {
                    Id = Next,
                    Layer = layer,
                    Width = _ops[values].Width,
                    Input = values,
                    Target = target,
                }
            );
    }
}
