using TaalasSim.Compiler.Graph;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Functional;

/// <summary>What the layers with a state keep of one user between tokens: of a short convolution, its inputs of the last tokens.</summary>
internal sealed class RecurrentState
{
    private readonly Dictionary<int, float[]> _layers;

    /// <summary>The state before the first token: all zero.</summary>
    public RecurrentState(ModelGraph graph) =>
        _layers = graph.Operators.OfType<ConvolutionOperator>().ToDictionary(c => c.Layer, c => new float[(c.Length - 1) * c.Width]);

    /// <summary>Back to the state before the first token.</summary>
    public void Clear()
    {
        foreach (var state in _layers.Values)
            Array.Clear(state);
    }

    /// <summary>
    /// Convolves tokens with those before them, and keeps the last. Sums are of single precision from the oldest token on, as llama.cpp
    /// rounds them.
    /// </summary>
    /// <param name="op">The convolution.</param>
    /// <param name="x">[row][element].</param>
    /// <param name="weights">[element][token], the oldest first.</param>
    /// <param name="rows">Tokens.</param>
    /// <param name="y">[row][element].</param>
    public void Convolve(ConvolutionOperator op, IKernelBuffer x, ReadOnlySpan<float> weights, int rows, IKernelBuffer y)
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
            sums[(row * width) + element] = sum;
        }

        tokens.AsSpan(tokens.Length - state.Length).CopyTo(state);
        y.Write(sums);
    }
}
