namespace TaalasSim.ChipModel.BankStyles;

/// <summary>Switching energy of a bank by event, pJ.</summary>
/// <param name="WeightPj">One weight of one column met by one activation.</param>
/// <param name="ActivationPj">One activation brought to one bank and made ready for all of its columns.</param>
/// <param name="StoredBitPj">One stored bit read.</param>
public readonly record struct BankEnergy(double WeightPj, double ActivationPj, double StoredBitPj);
