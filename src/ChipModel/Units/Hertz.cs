namespace TaalasSim.ChipModel.Units;

/// <summary>Frequency in hertz.</summary>
public readonly record struct Hertz(double Value);
