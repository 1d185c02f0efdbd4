namespace TaalasSim.Runtime.Quality;

/// <summary>The statistics that llama-perplexity prints at the end of a KL divergence run.</summary>
public sealed record DivergenceSummary
{
    /// <summary>The last running row.</summary>
    public required DivergenceRow Final { get; init; }

    /// <summary>Perplexity of the base model on the same positions.</summary>
    public required Estimate PerplexityBase { get; init; }

    /// <summary>Correlation of ln p of the two models' scores, −1…1; NaN when one of them does not vary.</summary>
    public required double Correlation { get; init; }

    /// <summary>PPL(Q)/PPL(base).</summary>
    public required Estimate Ratio { get; init; }

    /// <summary>PPL(Q) − PPL(base).</summary>
    public required Estimate Difference { get; init; }

    /// <summary>Mean change of the probability of the text's token, a fraction.</summary>
    public required Estimate MeanChange { get; init; }

    /// <summary>KL divergence of every position in rising order, nats.</summary>
    public required IReadOnlyList<float> Divergences { get; init; }

    /// <summary>Change of the probability of the text's token at every position, in rising order, a fraction.</summary>
    public required IReadOnlyList<float> Changes { get; init; }

    /// <summary>The value below which a share of <paramref name="sorted"/> lies, interpolated between neighbours as llama.cpp does it, in
    /// binary32.</summary>
    public static float Percentile(IReadOnlyList<float> sorted, float share)
    {
        var at = share * (sorted.Count - 1);
        var below = Math.Clamp((int)at, 0, sorted.Count - 1);
        at -= below;
        return ((1 - at) * sorted[below]) + (at * sorted[Math.Min(below + 1, sorted.Count - 1)]);
    }

    /// <summary>Median: the mean of the two middle values of an even number.</summary>
    public static float Median(IReadOnlyList<float> sorted) =>
        sorted.Count % 2 == 0 ? 0.5f * (sorted[sorted.Count / 2] + sorted[(sorted.Count / 2) - 1]) : sorted[sorted.Count / 2];
}
