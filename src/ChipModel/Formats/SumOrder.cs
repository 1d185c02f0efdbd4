namespace TaalasSim.ChipModel.Formats;

/// <summary>
/// In which order the reference rounds the product of a block of integer codes with quantised activations. d is the weights' scale, dx the
/// activations', Σ an integer sum of codes; all but <see cref="EightLanes"/> add to one float per output.
/// </summary>
public enum SumOrder
{
    /// <summary>(Σ · d) · dx.</summary>
    SumFirst,

    /// <summary>For each sub-block ((d · dx) · step) · Σ; a minimum times the activations' stored product of scale and sum.</summary>
    ScaleFirst,

    /// <summary>d · Σ (dx · Σ), the inner sums over 32 weights.</summary>
    ScaleLast,

    /// <summary>(dx · d) · (Σ step · Σ) over the whole block.</summary>
    OneSum,

    /// <summary>Eight integer sums, one for each weight index mod 8, each scaled by d · dx and added to a float of its own.</summary>
    EightLanes,
}
