namespace TaalasSim.Runtime.Card.Protocol;

/// <summary>Signs a runtime image while it is written.</summary>
public sealed class ImageSeal
{
    /// <summary>Identity of the key, 32 bytes.</summary>
    public required byte[] KeyId { get; init; }

    /// <summary>Makes the Ed25519 signature of the header, its signature and checksum zero, and the section table.</summary>
    public required Func<byte[], byte[]> Sign { get; init; }
}
