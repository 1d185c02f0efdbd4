using TaalasSim.Compiler.Graph;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Cpu;

namespace TaalasSim.Runtime.Functional;

/// <summary>What the layers with a state keep of one user between tokens: of a convolution, its inputs of the last tokens, and a matrix
/// for each head.</summary>
internal sealed class RecurrentState
{
    private readonly Dictionary<int, float[]> _layers;
    private readonly Dictionary<int, float[]> _heads;
    private readonly bool _half;

    /// <summary>The state before the first token: all zero.</summary>
    /// <param name="graph">Model.</param>
    /// <param name="half">Whether states and results are rounded to binary16, as the lanes of a fabric hold them.</param>
    public RecurrentState(ModelGraph graph, bool half)
    {
        _half = half;
        _layers = graph.Operators.OfType<ConvolutionOperator>().ToDictionary(c => c.Layer, c => new float[(c.Length - 1) * c.Width]);
        _heads = graph.Operators.OfType<StateOperator>().ToDictionary(s => s.Layer, s => new float[s.Sizes.StateElements]);
    }

    /// <summary>Back to the state before the first token.</summary>
    public void Clear()
    {
        foreach (var state in _layers.Values.Concat(_heads.Values))
            Array.Clear(state);
    }

    /// <summary>
    /// Convolves tokens with those before them, and keeps the last. Sums are of single precision from the oldest token on, as llama.cpp
    /// rounds them.
    /// </summary>
    /// <param name="op">The convolution.</param>
    /// <param name="x">[row][element].</param>
    /// <param name="weights">[element][token], the oldest first.</param>
    /// <param name="bias">[element]; null for none.</param>
    /// <param name="rows">Tokens.</param>
    /// <param name="y">[row][element].</param>
    public void Convolve(ConvolutionOperator op, IKernelBuffer x, float[] weights, float[]? bias, int rows, IKernelBuffer y)
    {
        var state = _layers[op.Layer];
        var (width, length) = (op.Width, op.Length);
        // Tokens one after the other, the kept ones first.
        var tokens = new float[state.Length + (rows * width)];
        state.CopyTo(tokens, 0);
        x.Read(0, tokens.AsSpan(state.Length));
        var sums = new float[rows * width];
        for (var row = 0; row < rows; row++)
        for (var element = 0; element < width; element++)
        {
            var sum = 0f;
            for (var token = 0; token < length; token++)
                sum += tokens[((row + token) * width) + element] * weights[(element * length) + token];
            if (bias is not null)
                sum += bias[element];
            sums[(row * width) + element] = op.Activated ? sum / (1 + MathF.Exp(-sum)) : sum;
        }

        tokens.AsSpan(tokens.Length - state.Length).CopyTo(state);
        Round(sums);
        y.Write(sums);
    }

    /// <summary>Changes the heads' states by tokens, one after the other, and asks them.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="step">What a token does.</param>
    /// <param name="mixed">[row][queries, keys and values].</param>
    /// <param name="gates">[row][head] of each gate.</param>
    /// <param name="rows">Tokens.</param>
    /// <param name="y">[row][head][value element].</param>
    public void Recur(StateOperator op, IStateStep step, IKernelBuffer mixed, IKernelBuffer[] gates, int rows, IKernelBuffer y)
    {
        var (state, width, heads) = (_heads[op.Layer], (int)op.Sizes.ConvolutionWidth, op.Sizes.Heads);
        var inputs = Rows(mixed, rows * width);
        var all = Array.ConvertAll(gates, gate => Rows(gate, rows * heads));
        var (ofRow, results) = (new float[gates.Length * heads], new float[rows * op.Width]);
        for (var row = 0; row < rows; row++)
        {
            for (var gate = 0; gate < all.Length; gate++)
                all[gate].AsSpan(row * heads, heads).CopyTo(ofRow.AsSpan(gate * heads));
            step.Step(state, inputs.AsSpan(row * width, width), ofRow, results.AsSpan(row * op.Width, op.Width));
            Round(state);
        }

        Round(results);
        y.Write(results);
    }

    private static float[] Rows(IKernelBuffer x, int count)
    {
        var values = new float[count];
        x.Read(0, values);
        return values;
    }

    private unsafe void Round(float[] values)
    {
        if (!_half)
            return;
        fixed (float* x = values)
            HalfVectors.Round(x, x, values.Length);
    }
}
