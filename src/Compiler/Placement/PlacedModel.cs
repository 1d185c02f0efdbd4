using TaalasSim.ChipModel.Chip;

namespace TaalasSim.Compiler.Placement;

/// <summary>Ports with their sites, before the fabric's size is checked.</summary>
/// <param name="Plan">Ports and vector ROM.</param>
/// <param name="SitesOfPort">For each port its sites: [output segment × input segments + input segment].</param>
/// <param name="SitesNeeded">Sites that all ports need; more than the fabric has when it does not fit.</param>
public sealed record PlacedModel(ChipPlan Plan, IReadOnlyList<int[]> SitesOfPort, long SitesNeeded)
{
    /// <summary>Whether every bank found a site.</summary>
    public bool Fits => SitesNeeded <= Plan.Sites;
}
