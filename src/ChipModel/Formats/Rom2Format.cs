namespace TaalasSim.ChipModel.Formats;

/// <summary>The fabric's format of 2 bits.</summary>
public sealed class Rom2Format() : RomFormat(2);
