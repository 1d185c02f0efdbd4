namespace TaalasSim.Runtime.Quality;

/// <summary>The columns that llama-perplexity prints after each chunk, over all positions so far.</summary>
public sealed record DivergenceRow
{
    /// <summary>Perplexity of the tested model.</summary>
    public required Estimate Perplexity { get; init; }

    /// <summary>ln(PPL(Q)/PPL(base)).</summary>
    public required Estimate LogRatio { get; init; }

    /// <summary>Mean KL divergence from the base, nats.</summary>
    public required Estimate Divergence { get; init; }

    /// <summary>Root mean square change of the probability of the text's token, a fraction.</summary>
    public required Estimate RmsChange { get; init; }

    /// <summary>Share of positions with the same most likely token.</summary>
    public required Estimate SameTop { get; init; }
}
