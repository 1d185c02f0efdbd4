namespace TaalasSim.Runtime.Quality;

/// <summary>Perplexity exp(mean −ln p(next token)) over the positions seen so far, in llama-perplexity's arithmetic.</summary>
public sealed class RunningPerplexity
{
    private double _sum;
    private double _squares;

    /// <summary>Positions seen.</summary>
    public int Count { get; private set; }

    /// <summary>Perplexity and its standard error σ·PPL, σ the standard error of the mean of −ln p. The error is NaN for a single
    /// position.</summary>
    public Estimate Perplexity
    {
        get
        {
            if (Count == 0)
                return new Estimate(double.NaN, double.NaN);
            var mean = _sum / Count;
            var variance = (_squares / Count) - (mean * mean);
            var value = Math.Exp(mean);
            return new Estimate(
                value,
                variance > 0 ? Math.Sqrt(variance / (Count - 1)) * value
                    : Count > 1 ? 0
                    : double.NaN
            );
        }
    }

    /// <summary>Counts one position.</summary>
    public void Add(ReadOnlySpan<float> logits, int next)
    {
        var max = logits[0];
        foreach (var l in logits)
            max = MathF.Max(max, l);
        double sum = 0;
        foreach (var l in logits)
            sum += MathF.Exp(l - max);
        Add(-(logits[next] - max - Math.Log(sum)));
    }

    /// <summary>Counts one position whose −ln p is known.</summary>
    public void Add(double negativeLogLikelihood)
    {
        _sum += negativeLogLikelihood;
        _squares += negativeLogLikelihood * negativeLogLikelihood;
        Count++;
    }
}
