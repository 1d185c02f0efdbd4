using TaalasSim.ChipModel.Technology;

namespace TaalasSim.Reports.Provenance;

/// <summary>A constant behind a figure, and its path.</summary>
/// <param name="Path">Dotted path, e.g. <c>technology.energy.rom_read_pj_per_bit</c>.</param>
/// <param name="Constant">Value, interval and source.</param>
public sealed record ConstantUse(string Path, Constant Constant);
