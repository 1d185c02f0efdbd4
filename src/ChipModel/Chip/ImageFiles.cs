namespace TaalasSim.ChipModel.Chip;

/// <summary>Files of the image beside chip.yaml.</summary>
public sealed record ImageFiles
{
    /// <summary>The weights layer, <see cref="ChipDirectory.WeightsName"/>.</summary>
    public required ImageFile Weights { get; init; }

    /// <summary>The dataflow layer, <see cref="ChipDirectory.DataflowName"/>.</summary>
    public required ImageFile Dataflow { get; init; }

    /// <summary>The tokenizer, <see cref="ChipDirectory.TokenizerName"/>.</summary>
    public required ImageFile Tokenizer { get; init; }

    /// <summary>Contents of the SRAM that holds adapters; null without any.</summary>
    public ImageFile? Adapters { get; init; }
}
