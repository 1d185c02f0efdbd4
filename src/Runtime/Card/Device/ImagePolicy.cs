using TaalasSim.ChipModel.Signatures;

namespace TaalasSim.Runtime.Card.Device;

/// <summary>What a loader demands of a runtime image.</summary>
public sealed record ImagePolicy
{
    /// <summary>Model in the masks of the card; null accepts any.</summary>
    public Guid? Model { get; init; }

    /// <summary>Mask revision of the card; null accepts any.</summary>
    public Guid? Mask { get; init; }

    /// <summary>Accept an image that carries no signature.</summary>
    public bool AllowUnsigned { get; init; } = true;

    /// <summary>Keys whose signatures are accepted.</summary>
    public TrustedKeys Trusted { get; init; } = new([]);

    /// <summary>Lowest security version that is not a rollback.</summary>
    public int MinimumSecurityVersion { get; init; }
}
