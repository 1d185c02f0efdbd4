using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.MaskLayers;

namespace TaalasSim.Reports.Charts;

/// <summary>What each site holds.</summary>
public sealed record FloorplanData
{
    /// <summary>Heading.</summary>
    public required string Title { get; init; }

    /// <summary>The plan whose ports the sites name.</summary>
    public required ChipPlan Plan { get; init; }

    /// <summary>For each site of all dies the index into <see cref="ChipPlan.Matrices"/>, −1 for an empty site.</summary>
    public required IReadOnlyList<int> PortOfSite { get; init; }

    /// <summary>From the straps of a dataflow layer.</summary>
    public static FloorplanData From(string title, ChipPlan plan, IReadOnlyList<SiteStraps> straps)
    {
        var index = plan.Matrices.Select((port, i) => (port.Id, i)).ToDictionary(p => p.Id, p => p.i);
        return new FloorplanData
        {
            Title = title,
            Plan = plan,
            PortOfSite = [.. straps.Select(s => index.GetValueOrDefault(s.Matrix, -1))],
        };
    }

    /// <summary>From the site lists of a placement; sites that a model too large would need beyond the fabric are left out.</summary>
    public static FloorplanData From(string title, ChipPlan plan, IReadOnlyList<int[]> sitesOfPort)
    {
        var ports = new int[plan.Sites];
        Array.Fill(ports, -1);
        for (var i = 0; i < plan.Matrices.Count; i++)
            foreach (var site in sitesOfPort[plan.Matrices[i].Id].Where(s => s >= 0 && s < ports.Length))
                ports[site] = i;
        return new FloorplanData
        {
            Title = title,
            Plan = plan,
            PortOfSite = ports,
        };
    }
}
