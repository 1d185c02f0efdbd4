namespace TaalasSim.ChipModel.Formats;

/// <summary>The fabric's format of 8 bits.</summary>
public sealed class Rom8Format() : RomFormat(8);
