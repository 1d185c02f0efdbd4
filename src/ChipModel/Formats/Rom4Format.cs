namespace TaalasSim.ChipModel.Formats;

/// <summary>The fabric's format of 4 bits.</summary>
public sealed class Rom4Format() : RomFormat(4);
