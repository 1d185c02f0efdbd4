namespace TaalasSim.Runtime.Card.Core;

/// <summary>What a card reports about the model in its masks.</summary>
public sealed record CoreGeometry
{
    public required int Layers { get; init; }
    public required int Heads { get; init; }
    public required int EmbeddingWidth { get; init; }
    public required int Vocabulary { get; init; }

    /// <summary>Largest context of one session, tokens.</summary>
    public required int MaxContext { get; init; }
    public required int KvBytesPerToken { get; init; }

    /// <summary>Contexts that can be open at once.</summary>
    public required int Slots { get; init; }

    /// <summary>Names the hard-wired model.</summary>
    public required Guid Model { get; init; }

    /// <summary>Names the revision of the two customised mask layers.</summary>
    public required Guid Mask { get; init; }
}
