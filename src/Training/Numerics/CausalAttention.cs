using System.Numerics;

namespace TaalasSim.Training.Numerics;

/// <summary>
/// Scaled dot-product attention (Vaswani et al., 2017, eq. 1) in which a token sees itself and earlier tokens of its sequence, with
/// several query heads to one key and value head (Ainslie et al., 2023).
/// </summary>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyHeads">Key and value heads; divides <paramref name="Heads"/>.</param>
/// <param name="HeadSize">Elements of a head.</param>
/// <param name="Length">Tokens of a sequence.</param>
public sealed record CausalAttention(int Heads, int KeyHeads, int HeadSize, int Length)
{
    /// <summary>Queries taken together; keys beyond the last of them are never touched.</summary>
    private const int QueryBlock = 64;

    /// <summary>Elements of the probabilities of one sequence.</summary>
    public int ProbabilitiesPerSequence => Heads * Length * Length;

    /// <summary>y = softmax(q·kᵀ/√HeadSize)·v for every head of every sequence.</summary>
    /// <param name="q">Tokens × Heads·HeadSize.</param>
    /// <param name="k">Tokens × KeyHeads·HeadSize.</param>
    /// <param name="v">As <paramref name="k"/>.</param>
    /// <param name="probabilities">Result, Sequences × Heads × Length × Length, kept for <see cref="Backward"/>; only the part up to the
    /// end of a query's block is written.</param>
    /// <param name="y">Result, as <paramref name="q"/>.</param>
    public void Forward<T>(Span<T> q, Span<T> k, Span<T> v, Span<T> probabilities, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var scale = T.One / T.Sqrt(T.CreateChecked(HeadSize));
        for (var unit = 0; unit < probabilities.Length / (Length * Length); unit++)
        {
            var (query, key) = Offsets(unit);
            var table = probabilities.Slice(unit * Length * Length, Length * Length);
            for (var start = 0; start < Length; start += QueryBlock)
            {
                var end = Math.Min(start + QueryBlock, Length);
                var p = new Matrix<T>(table[(start * Length)..], end - start, end, Length);
                Gemm.Multiply(Queries(q, query, start, end), Keys(k, key, end).Transposed, p);
                for (var t = start; t < end; t++)
                    MaskedSoftmax(table.Slice(t * Length, end), t, scale);
                Gemm.Multiply(p, Keys(v, key, end), Queries(y, query, start, end));
            }
        }
    }

    /// <summary>Sets dq and adds to dk and dv; <c>scratch</c> gives 64 × Length elements of working space.</summary>
    /// <remarks>
    /// With P the probabilities: dP = dy·vᵀ; dS = P ∘ (dP − rowsum(P ∘ dP)); dq = dS·k/√HeadSize; dk = dSᵀ·q/√HeadSize; dv = Pᵀ·dy.
    /// </remarks>
    public void Backward<T>(
        Span<T> q,
        Span<T> k,
        Span<T> v,
        Span<T> probabilities,
        Span<T> dy,
        Span<T> dq,
        Span<T> dk,
        Span<T> dv,
        Span<T> scratch
    )
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var scale = T.One / T.Sqrt(T.CreateChecked(HeadSize));
        for (var unit = 0; unit < probabilities.Length / (Length * Length); unit++)
        {
            var (query, key) = Offsets(unit);
            var table = probabilities.Slice(unit * Length * Length, Length * Length);
            for (var start = 0; start < Length; start += QueryBlock)
            {
                var end = Math.Min(start + QueryBlock, Length);
                var p = new Matrix<T>(table[(start * Length)..], end - start, end, Length);
                var ds = new Matrix<T>(scratch, end - start, end);
                var blockDy = Queries(dy, query, start, end);
                Gemm.Multiply(blockDy, Keys(v, key, end).Transposed, ds);
                for (var t = start; t < end; t++)
                    SoftmaxBackward(table.Slice(t * Length, end), scratch.Slice((t - start) * end, end), scale);
                Gemm.Multiply(ds, Keys(k, key, end), Queries(dq, query, start, end));
                Gemm.Multiply(ds.Transposed, Queries(q, query, start, end), Keys(dk, key, end), accumulate: true);
                Gemm.Multiply(p.Transposed, blockDy, Keys(dv, key, end), accumulate: true);
            }
        }
    }

    private (int Query, int Key) Offsets(int unit)
    {
        var (sequence, head) = Math.DivRem(unit, Heads);
        return (((sequence * Length * Heads) + head) * HeadSize, ((sequence * Length * KeyHeads) + (head * KeyHeads / Heads)) * HeadSize);
    }

    private Matrix<T> Queries<T>(Span<T> x, int offset, int start, int end) =>
        new(x[(offset + (start * Heads * HeadSize))..], end - start, HeadSize, Heads * HeadSize);

    private Matrix<T> Keys<T>(Span<T> x, int offset, int end) => new(x[offset..], end, HeadSize, KeyHeads * HeadSize);

    private static void MaskedSoftmax<T>(Span<T> row, int position, T scale)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var seen = row[..(position + 1)];
        foreach (ref var x in seen)
            x *= scale;
        Softmax.InPlace(seen);
        row[(position + 1)..].Clear();
    }

    private static void SoftmaxBackward<T>(ReadOnlySpan<T> p, Span<T> dp, T scale)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var mean = Lanes.Dot(p, dp);
        for (var i = 0; i < p.Length; i++)
            dp[i] = p[i] * (dp[i] - mean) * scale;
    }
}
