using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Signatures;

/// <summary>Public keys whose signatures are accepted.</summary>
public sealed class TrustedKeys
{
    private readonly IReadOnlyList<PublicKey> _keys;

    /// <summary>Trusts these keys.</summary>
    public TrustedKeys(IReadOnlyList<PublicKey> keys) => _keys = keys;

    /// <summary>Reads files of public keys (PEM, one or more keys each).</summary>
    /// <exception cref="InputException">A file holds something else, or no key.</exception>
    public static TrustedKeys Read(IEnumerable<string> paths)
    {
        var keys = new List<PublicKey>();
        foreach (var path in paths)
        foreach (var point in KeyFile.Read(path, KeyFile.PublicLabel, KeyFile.PublicStart))
            keys.Add(
                PublicKey.IsValid(point) ? new PublicKey(point) : throw new InputException($"{path}: a key in it is no valid Ed25519 key")
            );
        return new TrustedKeys(keys);
    }

    /// <summary>The trusted key of that identity; null when there is none.</summary>
    public PublicKey? Find(ReadOnlySpan<byte> id)
    {
        foreach (var key in _keys)
            if (id.SequenceEqual(key.Id))
                return key;
        return null;
    }
}
