using System.Security.Cryptography;
using System.Text;

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

    /// <summary>Token of a position to be filled; −1 for a model that decodes token by token.</summary>
    public int MaskToken { get; init; } = -1;

    /// <summary>Names the hard-wired model.</summary>
    public required Guid Model { get; init; }

    /// <summary>Names the revision of the two customised mask layers.</summary>
    public required Guid Mask { get; init; }

    /// <summary>Identity of a model: from the digest of its file.</summary>
    public static Guid ModelId(string digest) => Id("model " + digest);

    /// <summary>Identity of a mask revision: from the digests of the two layers.</summary>
    public static Guid MaskId(string weightsDigest, string dataflowDigest) => Id($"mask {weightsDigest} {dataflowDigest}");

    private static Guid Id(string text) => new(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
