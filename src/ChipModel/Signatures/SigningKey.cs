using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Signatures;

/// <summary>A private Ed25519 key (RFC 8032) that signs chip images.</summary>
public sealed class SigningKey
{
    private readonly byte[] _secret;

    private SigningKey(byte[] secret)
    {
        _secret = secret;
        var point = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(secret, 0, point, 0);
        Public = new PublicKey(point);
    }

    /// <summary>What others check signatures with.</summary>
    public PublicKey Public { get; }

    /// <summary>A new key from the system's random numbers.</summary>
    public static SigningKey Create() => new(RandomNumberGenerator.GetBytes(Ed25519.SecretKeySize));

    /// <summary>Reads a key file: PKCS #8 as PEM, as <see cref="Pem"/> and <c>openssl genpkey -algorithm ed25519</c> write it.</summary>
    /// <exception cref="InputException">It holds no private Ed25519 key.</exception>
    public static SigningKey Read(string path)
    {
        var keys = KeyFile.Read(path, KeyFile.PrivateLabel, KeyFile.PrivateStart);
        return keys.Count == 1
            ? new SigningKey(keys[0])
            : throw new InputException($"{path}: holds {keys.Count} private keys; one is needed");
    }

    /// <summary>The key as PEM.</summary>
    public string Pem() => KeyFile.Pem(KeyFile.PrivateLabel, KeyFile.PrivateStart, _secret);

    /// <summary>Signs a message.</summary>
    /// <returns>64 bytes.</returns>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        var signature = new byte[PublicKey.SignatureBytes];
        Ed25519.Sign(_secret, 0, message.ToArray(), 0, message.Length, signature, 0);
        return signature;
    }
}
