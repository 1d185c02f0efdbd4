using TaalasSim.ChipModel.Chip;

namespace TaalasSim.Compiler.Graph;

public static partial class BuildModelGraph
{
    private sealed partial class Builder
    {
        // Vectors that the token gives to all layers: a row of a table of their own, and a projection of the token's embedding. llama.cpp
        // divides their sum by √2.
        private int LayerInputs(int x)
        {
            var (size, width) = (shape.LayerEmbeddingLength, shape.Layers * shape.LayerEmbeddingLength);
            var row = Add(
                new EmbedOperator
                {
                    Id = Next,
                    Layer = -1,
                    Width = width,
                    Tensor = "per_layer_token_embd.weight",
                    Scale = MathF.Sqrt(size),
                    Role = MatrixRole.LayerEmbedding,
                }
            );
            var projected = MatMul(x, -1, "per_layer_model_proj.weight", null, MatrixRole.LayerInputs, width, scaled: false);
            projected = Scale(projected, -1, 1 / MathF.Sqrt(shape.EmbeddingLength));
            projected = Norm(projected, -1, "per_layer_proj_norm.weight", size);
            return Scale(Sum(projected, row, -1), -1, 1 / MathF.Sqrt(2));
        }

        // The layer's own vector, gated by the residual stream, is added to it.
        private int LayerInput(int x, int inputs, int layer) => Sum(x, LayerBranch(x, inputs, layer), layer);

        private int LayerBranch(int x, int inputs, int layer)
        {
            var (prefix, size) = ($"blk.{layer}.", shape.LayerEmbeddingLength);
            var gate = MatMul(x, layer, prefix + "inp_gate.weight", null, MatrixRole.LayerInputGate, size, scaled: false);
            var own = Slice(inputs, layer, layer * size, size);
            var gated = Gate(gate, own, layer, FeedForwardActivation.Gelu);
            var output = MatMul(
                gated,
                layer,
                prefix + "proj.weight",
                null,
                MatrixRole.LayerInputOutput,
                shape.EmbeddingLength,
                scaled: false
            );
            return Norm(output, layer, prefix + "post_norm.weight");
        }

        // A feed-forward layer and a mixture of the same residual stream, each between norms of its own; the router reads a norm without
        // weights, divided by the root of the width and times a vector.
        private int ExpertsBesideDense(int x, int input, int layer, string prefix)
        {
            var dense = Norm(Dense(input, layer, prefix), layer, prefix + "post_ffw_norm_1.weight");
            var own = Norm(x, layer, prefix + "pre_ffw_norm_2.weight");
            var routed = Scale(Norm(x, layer, null), layer, 1 / MathF.Sqrt(shape.EmbeddingLength));
            routed = Weigh(routed, layer, prefix + "ffn_gate_inp.scale", shape.EmbeddingLength);
            var mixture = Norm(Experts(own, layer, prefix, routed), layer, prefix + "post_ffw_norm_2.weight");
            return Sum(dense, mixture, layer);
        }
    }
}
