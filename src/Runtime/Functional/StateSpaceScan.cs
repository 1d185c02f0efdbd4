using System.Runtime.Intrinsics;
using TaalasSim.Compiler.Graph;

namespace TaalasSim.Runtime.Functional;

/// <summary>The scan of Mamba-2, rounded as llama.cpp rounds it: everything in single precision, sums over the elements of a key in
/// order.</summary>
/// <param name="op">Sizes and inputs.</param>
/// <param name="decayRate">One for each head.</param>
/// <param name="stepBias">One for each head.</param>
/// <param name="skip">One for each head.</param>
internal sealed class StateSpaceScan(StateSpaceOperator op, float[] decayRate, float[] stepBias, float[] skip) : IStateStep
{
    private readonly float[] _scaled = new float[op.Sizes.HeadSize];

    /// <inheritdoc/>
    public void Step(Span<float> states, Span<float> mixed, ReadOnlySpan<float> gates, Span<float> y)
    {
        var (size, width, groups, heads) = (op.Sizes.StateSize, op.Sizes.HeadSize, op.Sizes.Groups, op.Sizes.Heads);
        for (var head = 0; head < heads; head++)
        {
            var group = head / (heads / groups);
            var step = TimeStep.Softplus(gates[head] + stepBias[head]);
            var value = mixed.Slice(head * width, width);
            for (var j = 0; j < width; j++)
                _scaled[j] = value[j] * step;
            var result = y.Slice(head * width, width);
            Head(
                states.Slice(head * size * width, size * width),
                mixed.Slice((heads * width) + (group * size), size),
                mixed.Slice((heads * width) + ((groups + group) * size), size),
                MathF.Exp(step * decayRate[head]),
                result
            );
            for (var j = 0; j < width; j++)
                result[j] += value[j] * skip[head];
        }
    }

    // Eight value elements side by side.
    private void Head(Span<float> state, ReadOnlySpan<float> key, ReadOnlySpan<float> query, float kept, Span<float> y)
    {
        var (width, from) = (y.Length, 0);
        for (; from <= width - Vector256<float>.Count; from += Vector256<float>.Count)
        {
            var value = Vector256.Create(_scaled.AsSpan(from));
            var sum = Vector256<float>.Zero;
            for (var i = 0; i < key.Length; i++)
            {
                var at = state[((i * width) + from)..];
                var next = (Vector256.Create<float>(at) * Vector256.Create(kept)) + (Vector256.Create(key[i]) * value);
                sum += next * Vector256.Create(query[i]);
                next.CopyTo(at);
            }

            sum.CopyTo(y[from..]);
        }

        for (; from < width; from++)
        {
            var sum = 0f;
            for (var i = 0; i < key.Length; i++)
            {
                var at = (i * width) + from;
                state[at] = (state[at] * kept) + (key[i] * _scaled[from]);
                sum += state[at] * query[i];
            }

            y[from] = sum;
        }
    }
}
