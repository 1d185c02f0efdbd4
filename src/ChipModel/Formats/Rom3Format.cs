namespace TaalasSim.ChipModel.Formats;

/// <summary>The fabric's format of 3 bits.</summary>
public sealed class Rom3Format() : RomFormat(3);
