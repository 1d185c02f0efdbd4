namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>What a card reports about the model in its masks.</summary>
public sealed record CardIdentity
{
    /// <summary>Layers of the model.</summary>
    public required int Layers { get; init; }

    /// <summary>Attention heads of a layer.</summary>
    public required int Heads { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int EmbeddingWidth { get; init; }

    /// <summary>Tokens of the vocabulary.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Largest context of one session, tokens.</summary>
    public required int MaxContext { get; init; }

    /// <summary>KV memory of one position, bytes.</summary>
    public required int KvBytesPerToken { get; init; }

    /// <summary>Contexts that can be open at once.</summary>
    public required int MaxContexts { get; init; }

    /// <summary>Names the hard-wired model.</summary>
    public required Guid Model { get; init; }

    /// <summary>Names the revision of the two customised mask layers.</summary>
    public required Guid Mask { get; init; }
}
