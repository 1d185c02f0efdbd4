using TaalasSim.ChipModel.Chip;
using TaalasSim.Compiler.TimesFm;

namespace TaalasSim.Compiler.Graph;

/// <summary>Lists what a graph needs from ROM: matrices for banks and vectors for the vector ROM, each once, in the model's
/// order.</summary>
public static class MatrixList
{
    /// <summary>Matrices; a tied embedding appears once, as the output.</summary>
    public static IReadOnlyList<MatrixUse> Matrices(ModelGraph graph)
    {
        var shape = graph.Shape;
        if (shape.Patches is not null)
            return
            [
                .. Tensors(shape)
                    .Where(t => t.IsMatrix)
                    .Select(t =>
                    {
                        var (role, layer) = TimesFmShape.RoleOf(t.Name);
                        return new MatrixUse(t.Name, -1, role, layer, t.Inputs, t.Outputs);
                    }),
            ];
        var list = new List<MatrixUse>();
        foreach (var op in graph.Operators)
        {
            switch (op)
            {
                case EmbedOperator embed when !shape.TiedEmbeddings || embed.Role != MatrixRole.Embedding:
                    list.Add(new(embed.Tensor, -1, embed.Role, -1, embed.Width, shape.VocabularySize));
                    break;
                case MatMulOperator m:
                    list.Add(new(m.Tensor, -1, m.Role, m.Layer, graph.Operators[m.Input].Width, m.Width));
                    break;
                case HeadMatMulOperator h:
                    for (var head = 0; head < h.Heads; head++)
                        list.Add(new(h.Tensor, head, h.Role, h.Layer, h.HeadInputs, h.HeadOutputs, h.Heads));
                    break;
                case ExpertsOperator e:
                    list.Add(new(e.Router, -1, MatrixRole.Router, e.Layer, e.Width, e.Experts));
                    for (var x = 0; x < e.Experts; x++)
                    {
                        if (e.Gate is not null)
                            list.Add(new(e.Gate, x, MatrixRole.ExpertGate, e.Layer, e.Width, e.ExpertWidth, e.Experts));
                        list.Add(
                            new(e.Up, x, MatrixRole.ExpertUp, e.Layer, e.Width, e.JoinedGate ? 2 * e.ExpertWidth : e.ExpertWidth, e.Experts)
                        );
                        list.Add(new(e.Down, x, MatrixRole.ExpertDown, e.Layer, e.ExpertWidth, e.Width, e.Experts));
                    }

                    if (e.SharedGate is not null)
                        list.Add(new(e.SharedGate, -1, MatrixRole.SharedGate, e.Layer, e.Width, e.SharedWidth));
                    if (e.SharedUp is not null)
                    {
                        list.Add(new(e.SharedUp, -1, MatrixRole.SharedUp, e.Layer, e.Width, e.SharedWidth));
                        list.Add(new(e.SharedDown!, -1, MatrixRole.SharedDown, e.Layer, e.SharedWidth, e.Width));
                    }

                    break;
            }
        }

        // The router of copies of the residual stream is used twice.
        return [.. list.DistinctBy(matrix => matrix.PortName)];
    }

    /// <summary>Vectors with the number of values each must have.</summary>
    public static IReadOnlyList<VectorEntry> Vectors(ModelGraph graph)
    {
        if (graph.Shape.Patches is not null)
            return [.. Tensors(graph.Shape).Where(t => !t.IsMatrix).Select(t => new VectorEntry { Name = t.Name, Count = t.Outputs })];
        var list = new List<VectorEntry>();
        void Need(string? name, int count)
        {
            if (name is not null)
                list.Add(new VectorEntry { Name = name, Count = count });
        }

        foreach (var factors in RopeVectors(graph.Traits))
            Need(factors, graph.Traits.RotaryLength / 2);
        foreach (var op in graph.Operators)
        {
            switch (op)
            {
                case NormOperator n:
                    Need(n.Weight, n.OwnWeights ? n.Width : n.GroupWidth);
                    break;
                case MatMulOperator m:
                    Need(m.Scale, 1);
                    Need(m.Bias, m.Width);
                    break;
                case PredictOperator p:
                    Need(p.Coefficients, p.Count * p.Count * p.Count);
                    break;
                case CorrectOperator c:
                    Need(c.Coefficients, c.Count * c.Count);
                    break;
                case WeighOperator w:
                    Need(w.Weights, w.Count);
                    break;
                case ConvolutionOperator v:
                    Need(v.Weights, v.Width * v.Length);
                    Need(v.Bias, v.Width);
                    break;
                case StateOperator s:
                    Need(s.DecayRate, s.Sizes.Heads);
                    Need(s.StepBias, s.Sizes.Heads);
                    Need((s as StateSpaceOperator)?.Skip, s.Sizes.Heads);
                    break;
                case AttentionOperator a:
                    Need(a.Sinks, graph.Shape.Heads);
                    break;
                case ExpertsOperator e:
                    Need(e.RouterBias, e.Experts);
                    Need(e.ChoiceBias, e.Experts);
                    Need(e.GateScale, e.Experts);
                    Need(e.UpScale, e.Experts);
                    Need(e.DownScale, e.Experts);
                    Need(e.GateBias, e.Experts * e.ExpertWidth);
                    Need(e.UpBias, e.Experts * e.ExpertWidth);
                    Need(e.DownBias, e.Experts * e.Width);
                    Need(e.SharedRouter, e.Width);
                    break;
            }
        }

        return [.. list.DistinctBy(vector => vector.Name)];
    }

    private static string[] RopeVectors(ModelTraits traits) =>
        traits.RopeFactors switch
        {
            RopeFactors.Frequencies => ["rope_freqs.weight"],
            RopeFactors.LongRope => ["rope_factors_long.weight", "rope_factors_short.weight"],
            _ => [],
        };

    // Models of series run without operators: their graph is their list of tensors.
    private static IReadOnlyList<TimesFmTensor> Tensors(ModelShape shape) => TimesFmTensors.Of(TimesFmShape.SizesOf(shape));
}
