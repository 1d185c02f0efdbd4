namespace TaalasSim.ChipModel.Formats;

/// <summary>The fabric's format of 6 bits.</summary>
public sealed class Rom6Format() : RomFormat(6);
