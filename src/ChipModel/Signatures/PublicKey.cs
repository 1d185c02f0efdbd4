using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace TaalasSim.ChipModel.Signatures;

/// <summary>A public Ed25519 key (RFC 8032).</summary>
public sealed class PublicKey
{
    /// <summary>Bytes of a signature.</summary>
    public const int SignatureBytes = 64;

    private readonly byte[] _point;

    internal PublicKey(byte[] point)
    {
        _point = point;
        Id = SHA256.HashData(point);
    }

    /// <summary>SHA-256 of the key's 32 bytes: what an image names its key by.</summary>
    public byte[] Id { get; }

    /// <summary>The key as PEM.</summary>
    public string Pem() => KeyFile.Pem(KeyFile.PublicLabel, KeyFile.PublicStart, _point);

    /// <summary>Whether the signature is of this key and message.</summary>
    public bool Verifies(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureBytes && Ed25519.Verify(signature.ToArray(), 0, _point, 0, message.ToArray(), 0, message.Length);

    /// <summary>Whether 32 bytes are a key that no signature is made for by chance: a point of the prime-order group.</summary>
    internal static bool IsValid(byte[] point) => Ed25519.ValidatePublicKeyFull(point, 0);
}
