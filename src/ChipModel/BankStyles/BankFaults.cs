namespace TaalasSim.ChipModel.BankStyles;

/// <summary>Mean number of faults in one bank by what has to be replaced.</summary>
/// <param name="Rows">Faulty rows.</param>
/// <param name="Columns">Faulty columns.</param>
/// <param name="Banks">Faults that cost the whole bank.</param>
public readonly record struct BankFaults(double Rows, double Columns, double Banks);
