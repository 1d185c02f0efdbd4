namespace TaalasSim.ChipModel.MaskLayers;

/// <summary>Straps of one site on the dataflow layer: what the bank there computes and where its sums go.</summary>
/// <param name="Matrix">Index of the matrix in the chip description; −1 for an empty site.</param>
/// <param name="InputSegment">Which segment of the matrix's input vector is broadcast to the bank; segment i starts at input i × bank rows
/// of the matrix.</param>
/// <param name="OutputSegment">Which segment of the matrix's output the bank's columns are.</param>
/// <param name="Partner">Site that takes this bank's partial sums; −1 when this bank ends the reduction and drives the output.</param>
/// <param name="Level">Level of the reduction tree at which the sums are handed over, 0 first.</param>
public readonly record struct SiteStraps(int Matrix, int InputSegment, int OutputSegment, int Partner, int Level)
{
    /// <summary>A site without straps.</summary>
    public static SiteStraps Empty { get; } = new(-1, 0, 0, -1, 0);
}
