using System.Text;
using System.Text.RegularExpressions;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Signatures;

namespace TaalasSim.ChipModel.Chip;

/// <summary>
/// The file <c>chip.sig</c>: an Ed25519 signature of chip.yaml, which lists the digests of the other files, and one of what the card's
/// loader is given at start-up.
/// </summary>
public sealed partial record ImageSignature
{
    private const string Format = "taalassim-signature/1";
    private const int LargestFile = 4096;

    /// <summary>Identity of the key, 32 bytes.</summary>
    public required byte[] KeyId { get; init; }

    /// <summary>Signature of <see cref="Message"/>.</summary>
    public required byte[] Description { get; init; }

    /// <summary>Signature of the runtime image's header and section table.</summary>
    public required byte[] Card { get; init; }

    /// <summary>What the signature of a description is of: a fixed word, so that no other signature of the key fits, and chip.yaml's
    /// digest, and the card's signature.</summary>
    public static byte[] Message(string folder, byte[] card) =>
        Encoding.ASCII.GetBytes(
            $"{Format} chip.yaml {ChipDirectory.Digest(Path.Combine(folder, ChipDirectory.DescriptionName))} card "
                + $"{Convert.ToHexStringLower(card)}\n"
        );

    /// <summary>Whether an image has a signature, of whatever worth.</summary>
    public static bool IsThere(string folder) => Path.Exists(Path.Combine(folder, ChipDirectory.SignatureName));

    /// <summary>Writes the file into an image in the making.</summary>
    public void Write(string folder) =>
        File.WriteAllText(
            Path.Combine(folder, ChipDirectory.SignatureName),
            $"{Format}\nkey {Convert.ToHexStringLower(KeyId)}\ndescription {Convert.ToHexStringLower(Description)}\ncard "
                + $"{Convert.ToHexStringLower(Card)}\n"
        );

    /// <summary>Reads the file.</summary>
    /// <exception cref="InputException">There is none, or it is not of this form.</exception>
    public static ImageSignature Read(string folder)
    {
        var path = Path.Combine(folder, ChipDirectory.SignatureName);
        if (!IsThere(folder))
            throw new InputException($"{folder}: the image is not signed; compile it with --sign KEY, or run it without --trust");
        return Lines().Match(BoundedFile.ReadText(path, LargestFile)) is { Success: true } match
            ? new ImageSignature
            {
                KeyId = Convert.FromHexString(match.Groups["key"].Value),
                Description = Convert.FromHexString(match.Groups["description"].Value),
                Card = Convert.FromHexString(match.Groups["card"].Value),
            }
            : throw new InputException($"{path}: is no signature of this version; sign the image again");
    }

    /// <summary>Checks that one of the keys signed the image as it is. The files that chip.yaml lists are checked against their digests
    /// when they are opened.</summary>
    /// <returns>The signature.</returns>
    /// <exception cref="InputException">It is unsigned, signed by another key, or was altered.</exception>
    public static ImageSignature Check(string folder, TrustedKeys keys)
    {
        var signature = Read(folder);
        var id = Convert.ToHexStringLower(signature.KeyId);
        var key = keys.Find(signature.KeyId)
            ?? throw new InputException(
                $"{folder}: signed by the key {id[..16]}…, which is none of the trusted ones; trust it, or refuse the image"
            );
        if (!key.Verifies(Message(folder, signature.Card), signature.Description))
            throw new InputException($"{folder}: the signature does not fit the image; it was altered after it was signed");
        var digest = Path.Combine(folder, ChipDirectory.DigestName);
        if (
            BoundedFile.ReadText(digest, LargestFile)
            != $"{ChipDirectory.Digest(Path.Combine(folder, ChipDirectory.DescriptionName))}  {ChipDirectory.DescriptionName}\n"
        )
            throw new InputException($"{digest}: is not as it was written; the image was altered after it was signed");
        return signature;
    }

    [GeneratedRegex(
        @"\Ataalassim-signature/1\nkey (?<key>[0-9a-f]{64})\ndescription (?<description>[0-9a-f]{128})\ncard (?<card>[0-9a-f]{128})\n\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Lines();
}
