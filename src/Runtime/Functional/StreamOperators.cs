using TaalasSim.Compiler.Graph;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Functional;

/// <summary>Alternating updates and sparse activations, row by row on the host.</summary>
internal sealed class StreamOperators(IKernelSet kernels, ModelGraph graph, Func<string, float[]> weights)
{
    private readonly Dictionary<int, float[]> _values = [];

    /// <summary>Computes one of the operators.</summary>
    /// <param name="op">Operator.</param>
    /// <param name="value">Buffer of an operator's result.</param>
    /// <param name="rows">Tokens.</param>
    /// <param name="y">Result.</param>
    public void Run(Operator op, Func<int, IKernelBuffer> value, int rows, IKernelBuffer y)
    {
        var all = new float[rows * op.Width];
        for (var row = 0; row < rows; row++)
        {
            var result = all.AsSpan(row * op.Width, op.Width);
            float[] Read(int input)
            {
                var width = graph.Operators[input].Width;
                if (!_values.TryGetValue(input, out var values))
                    _values.Add(input, values = new float[width]);
                value(input).Read(row * width, values);
                return values;
            }

            switch (op)
            {
                case PredictOperator p:
                    StreamArithmetic.Predict(p.Count, Read(p.Streams), Read(p.Router), weights(p.Coefficients), result);
                    break;
                case CorrectOperator c:
                    StreamArithmetic.Correct(
                        c.Count,
                        Read(c.Predicted),
                        Read(c.Activated),
                        Read(c.Router),
                        weights(c.Coefficients),
                        result
                    );
                    break;
                case MatchLengthOperator m:
                    Read(m.Input).CopyTo(result);
                    StreamArithmetic.MatchLength(result, Read(m.Target));
                    break;
                case CutOperator cut:
                    Read(cut.Input).CopyTo(result);
                    StreamArithmetic.Cut(result, cut.Deviations);
                    break;
                default:
                    throw new InvalidOperationException($"no arithmetic for {op.Describe()}");
            }
        }

        y.Write(all);
        // Brings results to the precision of the vector lanes; a product with 1 keeps every bit.
        kernels.ScaleRows(y, Enumerable.Repeat(1f, rows).ToArray(), op.Width);
    }
}
