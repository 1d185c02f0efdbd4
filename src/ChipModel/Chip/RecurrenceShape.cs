using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Chip;

/// <summary>Sizes of a layer that keeps a matrix for each head and changes it with every token.</summary>
public sealed record RecurrenceShape : ICheckedDescription
{
    // Widest projection and largest state of a layer that are believed.
    private const int MaximumWidth = 1 << 24,
        MaximumState = 1 << 28;

    /// <summary>How a token changes the states.</summary>
    public required RecurrenceKind Kind { get; init; }

    /// <summary>Heads of a layer, each with a state of its own.</summary>
    [FieldRange(1, 1 << 16, "heads")]
    public required int Heads { get; init; }

    /// <summary>Elements of a head's value: rows of its state.</summary>
    [FieldRange(1, 1 << 16, "elements")]
    public required int HeadSize { get; init; }

    /// <summary>Elements of a key and of a query: columns of a state.</summary>
    [FieldRange(1, 1 << 16, "elements")]
    public required int StateSize { get; init; }

    /// <summary>Keys and queries of a layer; divides <see cref="Heads"/>, which share them in equal parts.</summary>
    [FieldRange(1, 1 << 16, "groups")]
    public required int Groups { get; init; }

    /// <summary>Whether every layer has attention and states side by side, whose results are added up (falcon-h1).</summary>
    public bool BesideAttention { get; init; }

    /// <summary>Elements of all heads' values.</summary>
    public long InnerLength => (long)Heads * HeadSize;

    /// <summary>Elements that the convolution spans: queries, keys and values.</summary>
    public long ConvolutionWidth => (2L * Groups * StateSize) + InnerLength;

    /// <summary>Elements of the states of one layer.</summary>
    public long StateElements => InnerLength * StateSize;

    /// <summary>Outputs of the matrices in front of a layer: what is convolved, a gate of each value element, and numbers of each head:
    /// part of the correction and time step of a delta net, time step of Mamba-2.</summary>
    public long InputWidth => ConvolutionWidth + InnerLength + ((Kind == RecurrenceKind.GatedDeltaNet ? 2L : 1) * Heads);

    /// <summary>Operations of the lanes on the states of a layer for one token. On each element of a delta net: decay, product with the
    /// key, correction, product with the query; of Mamba-2: decay, product of key and value, product with the query, and one on each value
    /// that passes the state by.</summary>
    public long Operations => Kind == RecurrenceKind.GatedDeltaNet ? 4 * StateElements : (3 * StateElements) + InnerLength;

    /// <inheritdoc/>
    public IEnumerable<FieldFault> Faults()
    {
        if (Groups > 0 && Heads % Groups != 0)
            yield return new($"recurrence: heads {Heads} must be a multiple of groups ({Groups})", "heads", "groups");
        if (Kind == RecurrenceKind.GatedDeltaNet && HeadSize != StateSize)
            yield return new($"recurrence: head_size {HeadSize} must be state_size ({StateSize})", "head_size", "state_size");
        if (InputWidth > MaximumWidth || StateElements > MaximumState)
            yield return new(
                $"recurrence: heads × head_size × state_size must not exceed {MaximumState}, and what enters a layer {MaximumWidth}",
                "heads",
                "head_size",
                "state_size",
                "groups"
            );
    }
}
