using TaalasSim.ChipModel.Area;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Power;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Charts;

namespace TaalasSim.Reports.Pages;

/// <summary>Area and power by part, named for people.</summary>
public static class SiliconParts
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["rom"] = "ROM arrays",
        ["columns"] = "selectors and accumulators",
        ["bank_control"] = "bank control",
        ["products"] = "product generators and lines",
        ["reduction"] = "reduction",
        ["network"] = "network",
        ["vector"] = "vector lanes",
        ["kv_sram"] = "key and value memory",
        ["attention"] = "attention multipliers",
        ["sampler"] = "sampler",
        ["io"] = "host and die links",
        ["hbm_phy"] = "HBM interfaces",
        ["hbm"] = "HBM",
        ["redundancy"] = "spares and patches",
        ["package_link"] = "links between packages",
        ["frame"] = "pads and frame",
        ["die_link"] = "die-to-die links",
        ["clock"] = "clocks and idle registers",
        ["leakage"] = "leakage",
        ["regulator"] = "lost in regulators",
        ["card"] = "rest of the card",
    };

    /// <summary>Parts of one die, mm².</summary>
    /// <param name="parts">Parts of <see cref="AreaBreakdown"/> by name.</param>
    /// <param name="fabric">Fabric.</param>
    /// <param name="total">Area of the die.</param>
    public static BreakdownData Area(
        IReadOnlyList<(string Part, UncertaintyRange Value)> parts,
        FabricSpec fabric,
        UncertaintyRange total
    ) => Parts(fabric.Dies > 1 ? $"Area of one of {fabric.Dies} dies" : "Area of the die", parts, total);

    /// <summary>Best estimates of the parts of one die, mm².</summary>
    /// <param name="area">Area by part.</param>
    /// <param name="fabric">Fabric.</param>
    /// <param name="total">Area of the die.</param>
    public static BreakdownData Area(AreaBreakdown area, FabricSpec fabric, UncertaintyRange total) =>
        Area([.. area.Parts.Select(p => (p.Part, UncertaintyRange.Exact(p.Area.Value)))], fabric, total);

    /// <summary>Parts of a card that serves one user, W.</summary>
    /// <param name="parts">Parts of <see cref="PowerBreakdown"/> by name.</param>
    /// <param name="total">Power of the card.</param>
    public static BreakdownData Power(IReadOnlyList<(string Part, UncertaintyRange Value)> parts, UncertaintyRange total) =>
        Parts("Power of the card with one user", parts, total);

    private static BreakdownData Parts(string title, IReadOnlyList<(string Part, UncertaintyRange Value)> parts, UncertaintyRange total) =>
        new()
        {
            Title = title,
            Total = total,
            Parts = [.. parts.Select(p => new BreakdownPart(Name(p.Part), p.Value))],
        };

    private static string Name(string part) => Names.GetValueOrDefault(part, part.Replace('_', ' '));
}
