namespace TaalasSim.Runtime.Decode.Grammars;

/// <summary>What must follow in a text: the rest of a sequence, then the rest of the one that referred to it.</summary>
internal sealed class GrammarPosition(GrammarElement[] sequence, int at, GrammarPosition? up) : IEquatable<GrammarPosition>
{
    // Kept, since a position may be deep.
    private readonly int _hash = HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(sequence), at, up?._hash ?? 0);

    /// <summary>The sequence.</summary>
    public GrammarElement[] Sequence { get; } = sequence;

    /// <summary>Index of the element that must come next.</summary>
    public int At { get; } = at;

    /// <summary>What follows after the sequence; null for the end of the text.</summary>
    public GrammarPosition? Up { get; } = up;

    /// <summary>Whether nothing must follow.</summary>
    public bool IsEnd => At == Sequence.Length && Up is null;

    /// <summary>The element that must come next; null at the end of the sequence.</summary>
    public GrammarElement? Element => At < Sequence.Length ? Sequence[At] : null;

    /// <summary>The position after the element.</summary>
    public GrammarPosition Next() => new(Sequence, At + 1, Up);

    /// <inheritdoc/>
    public bool Equals(GrammarPosition? other)
    {
        var (a, b) = (this, other);
        while (!ReferenceEquals(a, b))
        {
            if (a is null || b is null || a._hash != b._hash || a.At != b.At || !ReferenceEquals(a.Sequence, b.Sequence))
                return false;
            (a, b) = (a.Up, b.Up);
        }
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GrammarPosition);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;
}
