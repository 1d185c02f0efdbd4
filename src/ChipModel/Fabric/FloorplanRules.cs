using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>How much room a bank takes around its ROM array.</summary>
public sealed record FloorplanRules
{
    /// <summary>Share of a site's area that the ROM array covers; selectors, accumulators and the network take the rest.</summary>
    [FieldRange(0.01, 1, "fraction")]
    public required Constant ArrayShare { get; init; }

    /// <summary>Site pitch is rounded up to a multiple of this, nm.</summary>
    [FieldRange(1, 1e9, "nm")]
    public required Constant SnapNm { get; init; }
}
