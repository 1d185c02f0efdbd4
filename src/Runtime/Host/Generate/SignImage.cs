using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Signatures;

namespace TaalasSim.Runtime.Host.Generate;

/// <summary>Signs a chip image: its description, and what the card's loader is given at start-up.</summary>
public static class SignImage
{
    /// <summary>Writes the signature into an image in the making.</summary>
    /// <param name="folder">Folder of the image, complete but for the signature.</param>
    /// <param name="key">Key.</param>
    public static void Write(string folder, SigningKey key)
    {
        var chip = ChipDirectory.ReadDescription(folder);
        var tokenizer = File.ReadAllBytes(ChipDirectory.Verify(folder, chip.Files.Tokenizer));
        byte[] card = [];
        using (
            StartupImage.Of(
                folder,
                chip,
                tokenizer,
                new Card.Protocol.ImageSeal { KeyId = key.Public.Id, Sign = message => card = key.Sign(message) }
            )
        )
            new ImageSignature
            {
                KeyId = key.Public.Id,
                Description = key.Sign(ImageSignature.Message(folder, card)),
                Card = card,
            }.Write(folder);
    }
}
