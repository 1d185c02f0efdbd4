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
        ["frame"] = "pads and frame",
        ["die_link"] = "die-to-die links",
        ["clock"] = "clocks and idle registers",
        ["leakage"] = "leakage",
        ["regulator"] = "lost in regulators",
        ["card"] = "rest of the card",
    };

    /// <summary>Parts of one die, mm².</summary>
    public static BreakdownData Area(AreaBreakdown area, FabricSpec fabric, UncertaintyRange total) =>
        new()
        {
            Title = fabric.Dies > 1 ? $"Area of one of {fabric.Dies} dies" : "Area of the die",
            Total = total,
            Parts = [.. area.Parts.Select(p => new BreakdownPart(Name(p.Part), UncertaintyRange.Exact(p.Area.Value)))],
        };

    /// <summary>Parts of a card that serves one user, W.</summary>
    public static BreakdownData Power(PowerBreakdown power, UncertaintyRange total) =>
        new()
        {
            Title = "Power of the card with one user",
            Total = total,
            Parts = [.. power.Parts.Select(p => new BreakdownPart(Name(p.Part), UncertaintyRange.Exact(p.Power.Value)))],
        };

    private static string Name(string part) => Names.GetValueOrDefault(part, part.Replace('_', ' '));
}
