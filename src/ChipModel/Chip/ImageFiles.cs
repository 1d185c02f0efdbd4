namespace TaalasSim.ChipModel.Chip;

/// <summary>Files of the image beside chip.yaml.</summary>
public sealed record ImageFiles
{
    public required ImageFile Weights { get; init; }

    public required ImageFile Dataflow { get; init; }

    public required ImageFile Tokenizer { get; init; }

    /// <summary>Contents of the SRAM that holds adapters; null without any.</summary>
    public ImageFile? Adapters { get; init; }
}
