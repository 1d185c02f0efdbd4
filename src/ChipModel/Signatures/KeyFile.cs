using System.Security.Cryptography;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Signatures;

/// <summary>Files of Ed25519 keys as PEM (RFC 7468) of PKCS #8 and SubjectPublicKeyInfo (RFC 8410): a fixed start, then 32 bytes.</summary>
internal static class KeyFile
{
    public const string PrivateLabel = "PRIVATE KEY";

    public const string PublicLabel = "PUBLIC KEY";

    private const int KeyBytes = 32;
    private const long MaximumBytes = 1 << 20;

    /// <summary>SEQUENCE { version 0, { OID 1.3.101.112 }, OCTET STRING { OCTET STRING { key } } }.</summary>
    public static ReadOnlySpan<byte> PrivateStart =>
        [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

    /// <summary>SEQUENCE { { OID 1.3.101.112 }, BIT STRING { key } }.</summary>
    public static ReadOnlySpan<byte> PublicStart => [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

    /// <summary>A key as text.</summary>
    public static string Pem(string label, ReadOnlySpan<byte> start, ReadOnlySpan<byte> key) =>
        PemEncoding.WriteString(label, [.. start, .. key]) + "\n";

    /// <summary>Keys of a file.</summary>
    /// <exception cref="InputException">It is missing, or holds no key of that kind, or another thing.</exception>
    public static IReadOnlyList<byte[]> Read(string path, string label, ReadOnlySpan<byte> start)
    {
        var keys = new List<byte[]>();
        ReadOnlySpan<char> text = BoundedFile.ReadText(path, MaximumBytes);
        while (PemEncoding.TryFind(text, out var found))
        {
            var named = text[found.Label];
            var bytes = new byte[found.DecodedDataLength];
            if (
                !named.SequenceEqual(label)
                || !Convert.TryFromBase64Chars(text[found.Base64Data], bytes, out var count)
                || count != start.Length + KeyBytes
                || !bytes.AsSpan().StartsWith(start)
            )
                throw new InputException(
                    $"{path}: holds '{named}' that is no Ed25519 {label.ToLowerInvariant()}; make keys with 'taalas key new'"
                );
            keys.Add(bytes[start.Length..]);
            text = text[found.Location.End..];
        }

        return keys.Count > 0
            ? keys
            : throw new InputException($"{path}: holds no {label.ToLowerInvariant()}; make keys with 'taalas key new'");
    }
}
