using TaalasSim.ChipModel.Technology;

namespace TaalasSim.Reports.Provenance;

/// <summary>A constant that a figure rests on and where it stands.</summary>
/// <param name="Path">Dotted path, e.g. <c>technology.energy.rom_read_pj_per_bit</c>.</param>
/// <param name="Constant">Value, interval and source.</param>
public sealed record ConstantUse(string Path, Constant Constant);
