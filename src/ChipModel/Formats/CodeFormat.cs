using TaalasSim.ChipModel.MaskLayers;

namespace TaalasSim.ChipModel.Formats;

/// <summary>How one scale block of weights is stored in ROM, and how its bytes are spread over the sixteen columns of a panel.</summary>
/// <remarks>
/// A format is either a GGUF block type, hard-wired as it is (<see cref="GgmlType"/> ≥ 0), or one of the fabric's own
/// (<c>rom2</c>…<c>rom8</c>). Blocks run along a column (the inputs of one output), and never straddle a bank.
/// </remarks>
public sealed record CodeFormat
{
    /// <summary>Name as written on the command line and in chip.yaml, e.g. <c>q4_0</c> or <c>rom4</c>.</summary>
    public required string Name { get; init; }

    /// <summary>GGUF type id, or −1 for a format of the fabric.</summary>
    public required int GgmlType { get; init; }

    /// <summary>Weights per block, W.</summary>
    public required int BlockWeights { get; init; }

    /// <summary>Bytes per block, B.</summary>
    public required int BlockBytes { get; init; }

    /// <summary>Widths in bytes of the units that are interleaved over the columns, in the order of the block's bytes; they sum to
    /// B.</summary>
    /// <remarks>See <see cref="PanelLayout"/>. Codes are cut in units of four bytes so that a panel row of codes fills sixteen 32-bit
    /// lanes.</remarks>
    public required IReadOnlyList<int> Units { get; init; }

    /// <summary>Bits of one code; for a float type its width.</summary>
    public required int CodeBits { get; init; }

    /// <summary>Stored bits per weight, scales included.</summary>
    public double BitsPerWeight => 8.0 * BlockBytes / BlockWeights;

    /// <summary>Whether the weights are floating-point numbers rather than codes with scales.</summary>
    public bool IsFloat => Name is "f64" or "f32" or "f16" or "bf16";
}
