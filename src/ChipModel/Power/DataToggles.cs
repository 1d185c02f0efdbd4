namespace TaalasSim.ChipModel.Power;

/// <summary>
/// How much the data of a run move the nets of a chip, as shares of bits, 0…1. Energies per event are stated for random data, of which half
/// of the bits are ones and half of them change.
/// </summary>
/// <param name="StoredOnes">Stored bits that are 1: each discharges its bit line when it is read.</param>
/// <param name="ActivationToggles">Bits of an activation that differ from the one before it in the bank.</param>
/// <param name="ColumnToggles">Bits of a column's product and block sum that differ from those of the row before.</param>
public readonly record struct DataToggles(double StoredOnes, double ActivationToggles, double ColumnToggles)
{
    /// <summary>The share of random data.</summary>
    public const double RandomShare = 0.5;

    /// <summary>Random data.</summary>
    public static DataToggles Random { get; } = new(RandomShare, RandomShare, RandomShare);
}
