namespace TaalasSim.ChipModel.Formats;

/// <summary>The fabric's format of 5 bits.</summary>
public sealed class Rom5Format() : RomFormat(5);
