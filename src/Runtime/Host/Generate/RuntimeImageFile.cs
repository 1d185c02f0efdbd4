using TaalasSim.ChipModel.Chip;

namespace TaalasSim.Runtime.Host.Generate;

/// <summary>The runtime image of a chip as a file, for drivers that send it to a card themselves.</summary>
public static class RuntimeImageFile
{
    /// <summary>The bytes that a host sends to the card of a chip at start-up.</summary>
    /// <param name="folder">Chip image.</param>
    /// <exception cref="ChipModel.Files.InputException">It cannot be read.</exception>
    public static byte[] Of(string folder)
    {
        var chip = ChipDirectory.ReadDescription(folder);
        using var image = StartupImage.Of(folder, chip, File.ReadAllBytes(Path.Combine(folder, chip.Files.Tokenizer.Name)));
        return image.ToArray();
    }
}
