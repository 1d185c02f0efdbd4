using TaalasSim.ChipModel.Chip;
using TaalasSim.Runtime.Card.Protocol;

namespace TaalasSim.Runtime.Host.Generate;

/// <summary>What the host sends to the card at start-up: the description, the tokenizer and the mask identities that the silicon must
/// match. The masks themselves are in the silicon.</summary>
internal static class StartupImage
{
    /// <summary>The runtime image of a chip.</summary>
    /// <param name="folder">Chip image.</param>
    /// <param name="chip">Its description.</param>
    /// <param name="tokenizer">Bytes of its tokenizer.</param>
    /// <param name="seal">Signs it; null takes the signature of the chip image, if it has one.</param>
    public static MemoryStream Of(string folder, ChipDescription chip, byte[] tokenizer, ImageSeal? seal = null)
    {
        var description = File.ReadAllBytes(Path.Combine(folder, ChipDirectory.DescriptionName));
        List<(ImageSectionKind, string, ReadOnlyMemory<byte>)> sections =
        [
            (ImageSectionKind.ModelDescription, "chip.yaml", description),
            (ImageSectionKind.Tokenizer, "tokenizer", tokenizer),
        ];
        if (chip.Files.Adapters is { } adapters)
            sections.Add((ImageSectionKind.Lora, "adapters", File.ReadAllBytes(Path.Combine(folder, adapters.Name))));
        var stream = new MemoryStream();
        ChipRuntimeImage.Write(
            stream,
            CardIdentity.ModelId(chip.Source.Sha256),
            CardIdentity.MaskId(chip.Files.Weights.Sha256, chip.Files.Dataflow.Sha256),
            securityVersion: 0,
            sections,
            seal
        );
        stream.Position = 0;
        return stream;
    }
}
