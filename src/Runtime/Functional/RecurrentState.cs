using TaalasSim.Compiler.Graph;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Cpu;

namespace TaalasSim.Runtime.Functional;

/// <summary>What the layers with a state keep of one user between tokens: of a convolution, its inputs of the last tokens; of a delta net,
/// a matrix for each head.</summary>
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
        _heads = graph.Operators.OfType<DeltaNetOperator>().ToDictionary(d => d.Layer, d => new float[d.Sizes.StateElements]);
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
            sums[(row * width) + element] = op.Activated ? sum / (1 + MathF.Exp(-sum)) : sum;
        }

        tokens.AsSpan(tokens.Length - state.Length).CopyTo(state);
        Round(sums);
        y.Write(sums);
    }

    /// <summary>Changes the heads' states by tokens, one after the other, and asks them.</summary>
    /// <param name="op">The delta net.</param>
    /// <param name="net">Its arithmetic.</param>
    /// <param name="mixed">[row][queries, keys and values].</param>
    /// <param name="correction">[row][head].</param>
    /// <param name="decay">[row][head].</param>
    /// <param name="rows">Tokens.</param>
    /// <param name="y">[row][head][value element].</param>
    public void Recur(
        DeltaNetOperator op,
        DeltaNet net,
        IKernelBuffer mixed,
        IKernelBuffer correction,
        IKernelBuffer decay,
        int rows,
        IKernelBuffer y
    )
    {
        var (state, width, heads) = (_heads[op.Layer], (int)op.Sizes.ConvolutionWidth, op.Sizes.Heads);
        var (inputs, corrections, decays) = (Rows(mixed, rows * width), Rows(correction, rows * heads), Rows(decay, rows * heads));
        var results = new float[rows * op.Width];
        for (var row = 0; row < rows; row++)
        {
            net.Step(
                state,
                inputs.AsSpan(row * width, width),
                corrections.AsSpan(row * heads, heads),
                decays.AsSpan(row * heads, heads),
                results.AsSpan(row * op.Width, op.Width)
            );
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
