using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>
/// Explanations of a published chip's behaviour in service that its measurements cannot tell apart: the optional section
/// <c>published.hypotheses</c> of a fabric. Best estimates keep the structure; the draws behind the intervals of the published chip take
/// one of each list by its weight.
/// </summary>
public sealed record ServiceHypotheses : ICheckedDescription
{
    private const double WeightTolerance = 1e-9;

    /// <summary>Explanations of the rate between answer tokens.</summary>
    public required IReadOnlyList<DecodingHypothesis> Decoding { get; init; }

    /// <summary>Explanations of the time to the first token.</summary>
    public required IReadOnlyList<PromptHypothesis> Prompts { get; init; }

    /// <summary>Which measurement would decide between the explanations of decoding.</summary>
    public required string DecodingDecidedBy { get; init; }

    /// <summary>Which measurement would decide between the explanations of prompts.</summary>
    public required string PromptsDecidedBy { get; init; }

    /// <summary>Where the weights come from.</summary>
    public required string WeightSource { get; init; }

    /// <summary>Names of both lists, in their order.</summary>
    internal IEnumerable<string> Names => Decoding.Select(h => h.Name).Concat(Prompts.Select(h => h.Name));

    /// <inheritdoc/>
    public IEnumerable<FieldFault> Faults()
    {
        foreach (var (list, weights) in new[] { ("decoding", Decoding.Select(h => h.Weight)), ("prompts", Prompts.Select(h => h.Weight)) })
            if (!(Math.Abs(weights.Sum() - 1) <= WeightTolerance))
                yield return new(
                    FormattableString.Invariant($"{list}: the weights add up to {weights.Sum():0.######}; they must add up to 1"),
                    list
                );
        if (Names.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            yield return new($"hypotheses: the name '{twice.Key}' appears twice; give each its own", "decoding", "prompts");
    }

    /// <summary>Whether all explanations are equal; lists compare by their items.</summary>
    public bool Equals(ServiceHypotheses? other) =>
        other is not null
        && Decoding.SequenceEqual(other.Decoding)
        && Prompts.SequenceEqual(other.Prompts)
        && DecodingDecidedBy == other.DecodingDecidedBy
        && PromptsDecidedBy == other.PromptsDecidedBy
        && WeightSource == other.WeightSource;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Decoding.Count, Prompts.Count, DecodingDecidedBy, PromptsDecidedBy, WeightSource);
}
