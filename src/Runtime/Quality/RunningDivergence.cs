namespace TaalasSim.Runtime.Quality;

/// <summary>
/// KL divergence D(base ‖ Q) = Σ p_base (ln p_base − ln p_Q) and its companions over the positions seen so far, in llama-perplexity's
/// arithmetic: tokens whose base log-probability is −16 or less are left out, and log-probabilities of the base come from sixteen bits, so
/// that values below about 1e-5 are noise.
/// </summary>
public sealed class RunningDivergence
{
    private readonly List<float> _divergences = [];
    private readonly List<float> _changes = [];
    private double _nll;
    private double _nllSquares;
    private double _base;
    private double _baseSquares;
    private double _products;
    private double _divergence;
    private double _divergenceSquares;
    private double _change;
    private double _changeSquares;
    private double _changeFourths;
    private int _sameTop;

    /// <summary>Positions seen.</summary>
    public int Count => _divergences.Count;

    /// <summary>The running columns.</summary>
    public DivergenceRow Row
    {
        get
        {
            var nll = Estimate.Mean(_nll, _nllSquares, Count);
            var reference = Estimate.Mean(_base, _baseSquares, Count);
            var ppl = Math.Exp(nll.Value);
            var mse = Estimate.Mean(_changeSquares, _changeFourths, Count);
            var rms = Math.Sqrt(mse.Value);
            var top = (double)_sameTop / Count;
            return new DivergenceRow
            {
                Perplexity = new Estimate(ppl, ppl * nll.Error),
                LogRatio = new Estimate(nll.Value - reference.Value, LogRatioError(nll, reference)),
                Divergence = Estimate.Mean(_divergence, _divergenceSquares, Count),
                RmsChange = new Estimate(rms, rms > 0 ? 0.5 / rms * mse.Error : 0),
                SameTop = new Estimate(top, Count > 1 ? Math.Sqrt(top * (1 - top) / (Count - 1)) : 0),
            };
        }
    }

    /// <summary>Counts one position.</summary>
    /// <param name="logits">Logits of the tested model.</param>
    /// <param name="packed">Row of the base, as <see cref="PackedLogProbabilities.Pack"/> makes it.</param>
    /// <param name="next">Token that follows in the text.</param>
    public void Add(ReadOnlySpan<float> logits, ReadOnlySpan<ushort> packed, int next)
    {
        var max = logits[0];
        var top = 0;
        for (var i = 1; i < logits.Length; i++)
        {
            if (logits[i] > max)
            {
                max = logits[i];
                top = i;
            }
        }

        double sum = 0;
        foreach (var l in logits)
            sum += MathF.Exp(l - max);
        var logSum = (float)Math.Log(sum);
        var nll = max + logSum - logits[next];
        var (scale, least) = PackedLogProbabilities.Range(packed);
        var q = packed[4..];
        var nllBase = -((scale * q[next]) + least);
        var shift = max + logSum;
        double divergence = 0;
        var topBase = 0;
        var largest = float.NegativeInfinity;
        for (var i = 0; i < logits.Length; i++)
        {
            var logBase = (scale * q[i]) + least;
            if (logBase > largest)
            {
                largest = logBase;
                topBase = i;
            }

            if (logBase > -PackedLogProbabilities.Depth)
                divergence += MathF.Exp(logBase) * (logBase - logits[i] + shift);
        }

        AddFigures(nll, nllBase, divergence, top == topBase);
    }

    /// <summary>All statistics of the positions seen.</summary>
    public DivergenceSummary Summary()
    {
        var nll = Estimate.Mean(_nll, _nllSquares, Count);
        var reference = Estimate.Mean(_base, _baseSquares, Count);
        var covariance = Covariance();
        var row = Row;
        var ppl = row.Perplexity;
        var baseline = new Estimate(Math.Exp(reference.Value), Math.Exp(reference.Value) * reference.Error);
        var ratio = Math.Exp(row.LogRatio.Value);
        return new DivergenceSummary
        {
            Final = row,
            PerplexityBase = baseline,
            Correlation = covariance / (nll.Error * reference.Error),
            Ratio = new Estimate(ratio, ratio * row.LogRatio.Error),
            Difference = new Estimate(
                ppl.Value - baseline.Value,
                Root((ppl.Error * ppl.Error) + (baseline.Error * baseline.Error) - (2 * ppl.Value * baseline.Value * covariance))
            ),
            MeanChange = Estimate.Mean(_change, _changeSquares, Count),
            Divergences = [.. _divergences.Order()],
            Changes = [.. _changes.Order()],
        };
    }

    private void AddFigures(float nll, float nllBase, double divergence, bool sameTop)
    {
        _nll += nll;
        _nllSquares += nll * nll;
        _base += nllBase;
        _baseSquares += nllBase * nllBase;
        _products += nll * nllBase;
        _divergence += divergence;
        _divergenceSquares += divergence * divergence;
        _divergences.Add((float)divergence);
        _sameTop += sameTop ? 1 : 0;
        var change = MathF.Exp(-nll) - MathF.Exp(-nllBase);
        double square = change * change;
        _change += change;
        _changeSquares += square;
        _changeFourths += square * square;
        _changes.Add(change);
    }

    private double Covariance() => Count < 10 ? 0 : ((_products / Count) - (_nll / Count * (_base / Count))) / (Count - 1);

    private double LogRatioError(Estimate nll, Estimate reference) =>
        Root((nll.Error * nll.Error) + (reference.Error * reference.Error) - (2 * Covariance()));

    // Equal models: rounding may leave the difference of variances just below zero.
    private static double Root(double variance) => variance > 0 ? Math.Sqrt(variance) : 0;
}
