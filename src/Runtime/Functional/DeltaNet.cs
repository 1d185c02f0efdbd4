using System.Runtime.Intrinsics;
using TaalasSim.Compiler.Graph;

namespace TaalasSim.Runtime.Functional;

/// <summary>
/// The gated delta rule, rounded as llama.cpp's fused operator rounds it: states and results in single precision, sums over the elements
/// of a key in double, in order. Tokens of a prompt follow one another, so that a batch has the bits of single tokens.
/// </summary>
/// <param name="op">Sizes and inputs.</param>
/// <param name="decayRate">One for each head.</param>
/// <param name="stepBias">One for each head.</param>
/// <param name="epsilon">Least length of a query or key.</param>
internal sealed class DeltaNet(DeltaNetOperator op, float[] decayRate, float[] stepBias, float epsilon) : IStateStep
{
    private readonly float[] _correction = new float[op.Sizes.HeadSize];

    /// <inheritdoc/>
    public void Step(Span<float> states, Span<float> mixed, ReadOnlySpan<float> gates, Span<float> y)
    {
        var (size, width, groups, heads) = (op.Sizes.StateSize, op.Sizes.HeadSize, op.Sizes.Groups, op.Sizes.Heads);
        var correction = gates[..heads];
        var steps = gates[heads..];
        for (var group = 0; group < 2 * groups; group++)
            Normalise(mixed.Slice(group * size, size));
        for (var head = 0; head < heads; head++)
        {
            var group = op.Grouped ? head / (heads / groups) : head % groups;
            var kept = MathF.Exp(TimeStep.Softplus(steps[head] + stepBias[head]) * decayRate[head]);
            Head(
                states.Slice(head * size * width, size * width),
                mixed.Slice(group * size, size),
                mixed.Slice((groups + group) * size, size),
                mixed.Slice((2 * groups * size) + (head * width), width),
                kept,
                1 / (1 + MathF.Exp(-correction[head])),
                y.Slice(head * width, width)
            );
        }
    }

    private void Head(
        Span<float> state,
        ReadOnlySpan<float> query,
        ReadOnlySpan<float> key,
        ReadOnlySpan<float> value,
        float kept,
        float share,
        Span<float> y
    )
    {
        var width = value.Length;
        Scale(state, kept);
        Ask(state, key, y);
        for (var j = 0; j < width; j++)
            _correction[j] = (value[j] - y[j]) * share;
        for (var i = 0; i < key.Length; i++)
            AddScaled(state.Slice(i * width, width), _correction, key[i]);
        Ask(state, query, y);
        Scale(y, 1 / MathF.Sqrt(width));
    }

    private static void Scale(Span<float> x, float by)
    {
        var from = 0;
        for (; from <= x.Length - Vector256<float>.Count; from += Vector256<float>.Count)
            (Vector256.Create<float>(x[from..]) * by).CopyTo(x[from..]);
        for (; from < x.Length; from++)
            x[from] *= by;
    }

    // Product and sum round by themselves.
    private static void AddScaled(Span<float> x, ReadOnlySpan<float> y, float by)
    {
        var from = 0;
        for (; from <= x.Length - Vector256<float>.Count; from += Vector256<float>.Count)
            (Vector256.Create<float>(x[from..]) + (Vector256.Create(y[from..]) * by)).CopyTo(x[from..]);
        for (; from < x.Length; from++)
            x[from] += by * y[from];
    }

    // Eight value elements side by side; each adds its products in the order of the key's elements.
    private static void Ask(ReadOnlySpan<float> state, ReadOnlySpan<float> by, Span<float> y)
    {
        var (width, from) = (y.Length, 0);
        for (; from <= width - Vector256<float>.Count; from += Vector256<float>.Count)
        {
            var (low, high) = (Vector256<double>.Zero, Vector256<double>.Zero);
            for (var i = 0; i < by.Length; i++)
            {
                var (first, second) = Vector256.Widen(Vector256.Create(state[((i * width) + from)..]) * Vector256.Create(by[i]));
                (low, high) = (low + first, high + second);
            }

            Vector256.Narrow(low, high).CopyTo(y[from..]);
        }

        for (; from < width; from++)
        {
            double sum = 0;
            for (var i = 0; i < by.Length; i++)
                sum += state[(i * width) + from] * by[i];
            y[from] = (float)sum;
        }
    }

    private void Normalise(Span<float> x)
    {
        double sum = 0;
        foreach (var v in x)
            sum += v * v;
        Scale(x, 1 / MathF.Max(MathF.Sqrt((float)sum), epsilon));
    }
}
