using System.Numerics;
using System.Runtime.Intrinsics;

namespace TaalasSim.Training.Numerics;

/// <summary>Gated unit of the feed-forward block (Shazeer, 2020, eq. 6): silu(gate) ∘ up, with silu(x) = x / (1 + e^−x).</summary>
public static class SwiGlu
{
    /// <summary>y = silu(gate) ∘ up; also keeps σ(gate) for <see cref="Backward"/>.</summary>
    public static void Forward<T>(ReadOnlySpan<T> gate, ReadOnlySpan<T> up, Span<T> sigmoid, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var i = 0; i < gate.Length; i++)
            sigmoid[i] = -gate[i];
        Lanes.Exp(sigmoid);
        for (var i = 0; i < gate.Length; i++)
        {
            sigmoid[i] = T.One / (T.One + sigmoid[i]);
            y[i] = gate[i] * sigmoid[i] * up[i];
        }
    }

    /// <summary>Sets the derivatives by gate and up. silu′(x) = σ(x)·(1 + x·(1 − σ(x))).</summary>
    public static void Backward<T>(
        ReadOnlySpan<T> gate,
        ReadOnlySpan<T> up,
        ReadOnlySpan<T> sigmoid,
        ReadOnlySpan<T> dy,
        Span<T> dGate,
        Span<T> dUp
    )
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var n = Vector512<T>.Count;
        var one = Vector512.Create(T.One);
        var i = 0;
        for (; i <= gate.Length - n; i += n)
        {
            var (x, s, d) = (Vector512.Create(gate[i..]), Vector512.Create(sigmoid[i..]), Vector512.Create(dy[i..]));
            (d * x * s).CopyTo(dUp[i..]);
            (d * Vector512.Create(up[i..]) * s * (one + (x * (one - s)))).CopyTo(dGate[i..]);
        }
        for (; i < gate.Length; i++)
        {
            dUp[i] = dy[i] * gate[i] * sigmoid[i];
            dGate[i] = dy[i] * up[i] * sigmoid[i] * (T.One + (gate[i] * (T.One - sigmoid[i])));
        }
    }
}
